"""What a kernel says to its page: widgets' news, and no tracebacks, whose lines name the server's files."""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

# A page shows widgets and nothing else; what these say is in the log.
KEPT_BACK = {"error", "stream", "execute_input"}


class Channels(ZMQChannelsWebsocketConnection):
    """Jupyter's connection of a page to its kernel, without what is not for readers."""

    def handle_outgoing_message(self, stream: Any, outgoing_msg: list[Any]) -> None:  # noqa: ANN401 - zmq's own
        """Pass a message on, in whichever protocol the browser speaks, or keep it back."""
        _, (_, header, *_) = self.session.feed_identities(outgoing_msg)  # a signature stands before the header
        if self.session.unpack(header).get("msg_type") not in KEPT_BACK:
            super().handle_outgoing_message(stream, outgoing_msg)
