import 'package:http/http.dart' as http;

const base = 'https://shop.example/api/v2';

class Shop {
  Future<List<User>> users(int page) async {
    final answer = await dio.get('/users', queryParameters: {'page': page});
    return parse(answer);
  }

  Future<void> removeUser(int id) async {
    await http.delete(Uri.parse('$base/users/$id'));
  }

  Future<Order> order(String item) async {
    final url = base + '/orders';
    final answer = await http.post(Uri.parse(url), body: {'item': item});
    return parse(answer);
  }
}

@RestApi(baseUrl: '/api/v2')
abstract class ShopService {
  @GET('/users/{id}')
  Future<User> user(@Path('id') int id);

  @PATCH('/orders/{id}')
  Future<Order> change(@Path('id') int id, @Body() Order order);
}
