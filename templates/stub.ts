// {{ title }}: stubs written by harcov from what was observed. Fill in what they do not know.
{%- for line in notes %}
// {{ line }}
{%- endfor %}

type Value = string | number | boolean | Blob | null | undefined;
type Values = Record<string, Value | Value[]>;

interface Parts {
  query?: Values;
  form?: Values;
  multipart?: Values;
  json?: unknown;
}

/** Calls the API; `headers` carry the credentials. */
export class Client {
  constructor(
    private readonly headers: Record<string, string> = {},
    private readonly baseUrl: string = {{ base_url }},
  ) {}
{% for call in calls %}
{%- for line in call.comment %}
  // {{ line }}
{%- endfor %}
  async {{ call.ident }}(
{%- if call.args | length > 0 %}args: {
{%- for arg in call.args %}
    {{ arg.ident }}{% if not arg.required %}?{% endif %}: {{ arg.type }};{% if arg.values %} // {{ arg.values }}{% endif %}
{%- endfor %}
  }{% if not call.required %} = {}{% endif %}
{%- endif %}): Promise<unknown> {
    const path = {% for piece in call.path %}{% if not loop.first %} + {% endif %}{% if piece.arg %}segment(args.{{ piece.arg }}){% else %}{{ piece.text }}{% endif %}{% endfor %};
    return this.send({{ call.method }}, path, {
{%- for part in call.parts %}
      {{ part.keyword }}: {% if part.whole %}args.{{ part.whole }}{% else %}{
{%- for pair in part.constants %}
        {{ pair.name }}: {{ pair.value }},
{%- endfor %}
{%- for arg in call.args %}{% if arg.place == part.place %}
        {{ arg.name }}: args.{{ arg.ident }},
{%- endif %}{% endfor %}
      }{% endif %},
{%- endfor %}
    });
  }
{% endfor %}
  private async send(method: string, path: string, parts: Parts): Promise<unknown> {
    const url = new URL(this.baseUrl.replace(/\/$/, "") + path);
    each(parts.query, (name, value) => url.searchParams.append(name, String(value)));
    const headers = new Headers(this.headers);
    let body: BodyInit | undefined;
    if (parts.form) {
      const form = new URLSearchParams();
      each(parts.form, (name, value) => form.append(name, String(value)));
      body = form;
    } else if (parts.multipart) {
      const form = new FormData();
      each(parts.multipart, (name, value) =>
        value instanceof Blob ? form.append(name, value) : form.append(name, String(value)),
      );
      body = form;
    } else if (parts.json !== undefined) {
      headers.set("content-type", "application/json");
      body = JSON.stringify(parts.json);
    }
    const response = await fetch(url, { method, headers, body });
    if (!response.ok) {
      throw new Error(`${method} ${path} answered ${response.status}`);
    }
    const json = response.headers.get("content-type")?.includes("json");
    return json ? response.json() : response.text();
  }
}

function segment(value: string | number | boolean): string {
  return encodeURIComponent(String(value));
}

function each(values: Values | undefined, take: (name: string, value: string | number | boolean | Blob) => void): void {
  for (const [name, value] of Object.entries(values ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined) {
        take(name, one);
      }
    }
  }
}
