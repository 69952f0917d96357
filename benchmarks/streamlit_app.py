"""The page that `python -m benchmarks.beside_streamlit` holds ours against: one question, served by Streamlit."""

import streamlit as st

import mangetamain as mm
from mangetamain.charter import themed

con = st.cache_resource(mm.connect)()
of = st.selectbox("Measure", ["minutes", "steps", "ingredients", "calories"])


@st.cache_data
def asked(of: str) -> tuple[str, dict]:
    """Return the sentence and the figure, each computed once for all readers."""
    answer = mm.level(con, of)
    return answer.sentence("en"), themed(answer.figure_spec("en"), "light")


sentence, figure = asked(of)
st.plotly_chart(figure, theme=None)
st.write(sentence)
