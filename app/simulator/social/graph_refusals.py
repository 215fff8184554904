"""How the Graph API says no: https://developers.facebook.com/docs/graph-api/guides/error-handling."""

from flask import Response, jsonify


class GraphRefusal(Exception):
    def __init__(self, code: int, subcode: int = 0, status: int = 400) -> None:
        super().__init__(f"{code}/{subcode}")
        self.code, self.subcode, self.status = code, subcode, status


def refused(refusal: GraphRefusal) -> Response:
    error = {"message": f"(#{refusal.code})", "type": "OAuthException", "code": refusal.code}
    if refusal.subcode:
        error["error_subcode"] = refusal.subcode
    answer = jsonify(error={**error, "fbtrace_id": "simulator"})
    answer.status_code = refusal.status
    return answer


RATE = GraphRefusal(613)
HICCUP = GraphRefusal(2, status=500)
TOKEN_DEAD = GraphRefusal(190, status=401)
PERMISSION = GraphRefusal(10)
OUTSIDE_WINDOW = {"messenger": GraphRefusal(10, 2018278), "instagram": GraphRefusal(10, 2534022)}
NO_SUCH_PERSON = {"messenger": GraphRefusal(100, 2018001), "instagram": GraphRefusal(100, 2534014)}
NOT_AS_IT_IS = GraphRefusal(100)
NO_PROFILE = GraphRefusal(100, 2018218)
