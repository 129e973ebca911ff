// {{ title }}: stubs written by harcov from what was observed. Fill in what they do not know.
{%- for line in notes %}
// {{ line }}
{%- endfor %}

import java.io.File
import java.net.URLEncoder
import okhttp3.FormBody
import okhttp3.Headers
import okhttp3.HttpUrl.Companion.toHttpUrl
import okhttp3.MediaType.Companion.toMediaType
import okhttp3.MultipartBody
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.RequestBody
import okhttp3.RequestBody.Companion.asRequestBody
import okhttp3.RequestBody.Companion.toRequestBody
import okhttp3.Response
import org.json.JSONObject

/** Calls the API; `headers` carry the credentials. */
class Client(
    private val headers: Headers = Headers.Builder().build(),
    private val baseUrl: String = {{ base_url }},
    private val http: OkHttpClient = OkHttpClient(),
) {
{%- for call in calls %}
{%- for line in call.comment %}
    // {{ line }}
{%- endfor %}
    fun {{ call.ident }}(
{%- for arg in call.args %}
        {{ arg.ident }}: {{ arg.type }}{% if not arg.required %}? = null{% endif %},{% if arg.values %} // {{ arg.values }}{% endif %}
{%- endfor %}
    ): Response = send(
        {{ call.method }},
        {% for piece in call.path %}{% if not loop.first %} + {% endif %}{% if piece.arg %}segment({{ piece.arg }}){% else %}{{ piece.text }}{% endif %}{% endfor %},
{%- for part in call.parts %}
        {{ part.keyword }} = {% if part.whole %}{{ part.whole }}{% else %}mapOf(
{%- for pair in part.constants %}
            {{ pair.name }} to {{ pair.value }},
{%- endfor %}
{%- for arg in call.args %}{% if arg.place == part.place %}
            {{ arg.name }} to {{ arg.ident }},
{%- endif %}{% endfor %}
        ){% endif %},
{%- endfor %}
    )
{% endfor %}
    private fun send(
        method: String,
        path: String,
        query: Map<String, Any?> = emptyMap(),
        form: Map<String, Any?>? = null,
        multipart: Map<String, Any?>? = null,
        json: Any? = null,
    ): Response {
        val url = (baseUrl.trimEnd('/') + path).toHttpUrl().newBuilder()
        each(query) { name, value -> url.addQueryParameter(name, value.toString()) }
        val body: RequestBody? = when {
            form != null -> FormBody.Builder().also { body ->
                each(form) { name, value -> body.add(name, value.toString()) }
            }.build()
            multipart != null -> MultipartBody.Builder().setType(MultipartBody.FORM).also { body ->
                each(multipart) { name, value ->
                    if (value is File) {
                        body.addFormDataPart(name, value.name, value.asRequestBody())
                    } else {
                        body.addFormDataPart(name, value.toString())
                    }
                }
            }.build()
            json != null -> JSONObject.wrap(given(json)).toString()
                .toRequestBody("application/json".toMediaType())
            method in setOf("POST", "PUT", "PATCH") -> ByteArray(0).toRequestBody()
            else -> null
        }
        val request = Request.Builder().url(url.build()).headers(headers).method(method, body)
        return http.newCall(request.build()).execute()
    }

    private fun given(json: Any): Any = if (json is Map<*, *>) json.filterValues { it != null } else json

    private fun each(values: Map<String, Any?>, take: (String, Any) -> Unit) {
        for ((name, value) in values) {
            for (one in if (value is Iterable<*>) value else listOf(value)) {
                if (one != null) take(name, one)
            }
        }
    }

    private fun segment(value: Any): String = URLEncoder.encode(value.toString(), "UTF-8").replace("+", "%20")
}
