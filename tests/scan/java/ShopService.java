package shop;

import retrofit2.Call;
import retrofit2.http.*;

public interface ShopService {
  @GET("users")
  Call<List<User>> users(@Query("page") int page);

  @POST("users")
  Call<User> addUser(@Body User user);

  @GET("users/{id}/orders")
  Call<List<Order>> orders(@Path("id") long id);

  @HTTP(method = "DELETE", path = "users/{id}", hasBody = false)
  Call<Void> removeUser(@Path("id") long id);

  @FormUrlEncoded
  @POST("orders")
  Call<Order> order(@Field("item") String item);
}
