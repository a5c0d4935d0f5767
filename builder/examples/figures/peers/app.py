"""Hello as componentize-py alone has it: the bindings, and no SDK."""

from componentize_py_types import Ok
from wit_world import exports
from wit_world.imports.types import Fields, OutgoingBody, OutgoingResponse, ResponseOutparam


class IncomingHandler(exports.IncomingHandler):
    def handle(self, request, response_out):
        text = b"Hello from Python!\n"
        fields = Fields.from_list([("content-type", b"text/plain"), ("content-length", b"19")])
        response = OutgoingResponse(fields)
        body = response.body()
        ResponseOutparam.set(response_out, Ok(response))
        with body.write() as stream:
            stream.blocking_write_and_flush(text)
        OutgoingBody.finish(body, None)
