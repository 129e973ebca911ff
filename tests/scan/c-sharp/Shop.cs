using System.Net.Http;

class Shop
{
    const string Base = "https://shop.example/api/v2";

    public async Task<User> User(int id)
    {
        return await client.GetFromJsonAsync<User>($"{Base}/users/{id}");
    }

    public Task<HttpResponseMessage> AddUser(string name)
    {
        return client.PostAsJsonAsync(Base + "/users", new { name });
    }

    public Task Remove(int id)
    {
        var request = new HttpRequestMessage(HttpMethod.Delete, string.Format("/users/{0}", id));
        return client.SendAsync(request);
    }
}

[ApiController]
[Route("api/v2/[controller]")]
class OrdersController : ControllerBase
{
    [HttpGet("{id}")]
    public Order Get(int id) => null;

    [HttpPost("{id}/cancel")]
    public void Cancel(int id) { }

    [HttpPost]
    public Order Add(Order order) => order;
}

static class Program
{
    static void Map(WebApplication app)
    {
        app.MapGet("/health", () => "ok");
    }
}
