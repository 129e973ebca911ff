import Foundation

let base = "https://shop.example/api/v2"

final class Shop {
    func users(page: Int) {
        AF.request("\(base)/users", method: .get, parameters: ["page": page])
    }

    func removeUser(id: Int) async throws {
        var request = URLRequest(url: URL(string: base + "/users/\(id)")!)
        request.httpMethod = "DELETE"
        _ = try await URLSession.shared.data(for: request)
    }

    func user(id: Int) async throws -> Data {
        let url = URL(string: "\(base)/users/\(id)")!
        let (data, _) = try await URLSession.shared.data(from: url)
        return data
    }

    func order(item: String) async throws {
        try await client.post("/orders", body: ["item": item])
    }
}
