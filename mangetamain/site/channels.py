"""What a page and its kernel say to one another: widgets' news, and no tracebacks, which name the server's files."""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

# A page shows widgets and nothing else; what these say is in the log.
KEPT_BACK = {"error", "stream", "execute_input"}


def check_form(message: str | bytes, protocol: str | None) -> None:
    """Refuse what Jupyter would take pains with: more parts than bytes, counted for ever, or a message to nowhere."""
    if isinstance(message, str):
        whole = protocol is None and '"channel"' in message
    else:
        width = 8 if protocol else 4
        claimed = int.from_bytes(message[:width], "little" if protocol else "big")
        whole = claimed <= len(message) // width
    if not whole:
        raise ValueError("no message of a page")


class Channels(ZMQChannelsWebsocketConnection):
    """Jupyter's connection of a page to its kernel, without what is not for readers."""

    def handle_incoming_message(self, incoming_msg: Any) -> None:  # noqa: ANN401 - Jupyter's own
        """Pass on what a page says, whose form it chose itself."""
        check_form(incoming_msg, self.subprotocol)
        super().handle_incoming_message(incoming_msg)

    def handle_outgoing_message(self, stream: Any, outgoing_msg: list[Any]) -> None:  # noqa: ANN401 - zmq's own
        """Pass a message on, in whichever protocol the browser speaks, or keep it back."""
        _, (_, header, *_) = self.session.feed_identities(outgoing_msg)  # a signature stands before the header
        if self.session.unpack(header).get("msg_type") not in KEPT_BACK:
            super().handle_outgoing_message(stream, outgoing_msg)
