package shop;

class ShopClient {
  private static final String BASE = "https://shop.example/api/v2";

  Order change(long id, String json) throws IOException {
    String url = BASE + "/orders/" + id;
    Request request = new Request.Builder().url(url).patch(RequestBody.create(json, JSON)).build();
    return read(http.newCall(request).execute());
  }

  User user(long id) throws IOException {
    Request request = new Request.Builder().url(String.format("%s/users/%d", BASE, id)).build();
    return read(http.newCall(request).execute());
  }
}
