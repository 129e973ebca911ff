# {{ title }}: stubs written by harcov from what was observed. Fill in what they do not know.
{%- for line in notes %}
# {{ line }}
{%- endfor %}

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import requests


class Client:
    """Calls the API; `headers` carry the credentials."""

    def __init__(
        self,
        headers: dict[str, str] | None = None,
        base_url: str = {{ base_url }},
        session: requests.Session | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.session = session or requests.Session()
        self.session.headers.update(headers or {})
{% for call in calls %}
{%- for line in call.comment %}
    # {{ line }}
{%- endfor %}
    def {{ call.ident }}(
        self,
{%- for arg in call.args %}{% if arg.place == "path" %}
        {{ arg.ident }}: {{ arg.type }},
{%- endif %}{% endfor %}
{%- if call.keyword_args %}
        *,
{%- for arg in call.args %}{% if arg.place != "path" %}
        {{ arg.ident }}: {{ arg.type }}{% if not arg.required %} | None = None{% endif %},{% if arg.values %}  # {{ arg.values }}{% endif %}
{%- endif %}{% endfor %}
{%- endif %}
    ) -> Any:
        path = {% for piece in call.path %}{% if not loop.first %} + {% endif %}{% if piece.arg %}_segment({{ piece.arg }}){% else %}{{ piece.text }}{% endif %}{% endfor %}
        return self._send(
            {{ call.method }},
            path,
{%- for part in call.parts %}
            {{ part.keyword }}={% if part.whole %}{{ part.whole }}{% else %}{
{%- for pair in part.constants %}
                {{ pair.name }}: {{ pair.value }},
{%- endfor %}
{%- for arg in call.args %}{% if arg.place == part.place %}
                {{ arg.name }}: {{ arg.ident }},
{%- endif %}{% endfor %}
            }{% endif %},
{%- endfor %}
        )
{% endfor %}
    def _send(self, method: str, path: str, **parts: Any) -> Any:
        given = {
            key: {name: value for name, value in part.items() if value is not None}
            if isinstance(part, dict)
            else part
            for key, part in parts.items()
        }
        response = self.session.request(method, self.base_url + path, **given)
        response.raise_for_status()
        if "json" in response.headers.get("content-type", ""):
            return response.json()
        return response.content


def _segment(value: object) -> str:
    return quote(str(value), safe="")
