"""What a kernel says to its page: widgets' news, and no tracebacks, whose lines name the server's files."""

from __future__ import annotations

from typing import Any

from jupyter_client.session import DELIM
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

# A page shows widgets and nothing else; what these say is in the log.
KEPT_BACK = {"error", "stream", "execute_input"}


class Channels(ZMQChannelsWebsocketConnection):
    """Jupyter's connection of a page to its kernel, without what is not for readers."""

    def _on_zmq_reply(self, stream: Any, msg_list: list[Any]) -> None:  # noqa: ANN401 - zmq's own
        # The header follows identities, delimiter and signature, which browsers' newer protocol has taken off already.
        header = self.session.unpack(msg_list[msg_list.index(DELIM) + 2 if DELIM in msg_list else 0])
        if header.get("msg_type") not in KEPT_BACK:
            super()._on_zmq_reply(stream, msg_list)  # type: ignore[no-untyped-call]
