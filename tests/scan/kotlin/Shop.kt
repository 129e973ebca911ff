package shop

const val BASE = "/api/v2"

interface ShopService {
    @GET("users")
    suspend fun users(@Query("page") page: Int): List<User>

    @DELETE("users/{id}")
    suspend fun removeUser(@Path("id") id: Long)
}

class Shop(private val client: HttpClient) {
    suspend fun user(id: Long): User = client.get("$BASE/users/$id").body()

    suspend fun order(item: String): Order {
        return client.post("$BASE/orders") {
            setBody(mapOf("item" to item))
        }.body()
    }

    suspend fun search(q: String) = client.get("/search") { parameter("q", q) }

    fun change(id: Long, body: RequestBody): Request {
        return Request.Builder().url(BASE + "/orders/" + id).patch(body).build()
    }
}
