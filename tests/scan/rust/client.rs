const BASE: &str = "https://shop.example/api/v2";

impl Shop {
    pub async fn users(&self, page: u32) -> Result<Vec<User>> {
        let url = format!("{}/users", BASE);
        self.http.get(&url).query(&[("page", page)]).send().await?.json().await
    }

    pub async fn order(&self, item: &str) -> Result<Order> {
        self.http
            .post(format!("{BASE}/orders"))
            .json(&json!({ "item": item }))
            .send()
            .await
    }

    pub async fn remove(&self, id: u64) -> Result<()> {
        let path = "/users/".to_owned() + &id.to_string();
        self.call(Method::DELETE, &path).await
    }

    pub async fn change(&self, id: u64, body: Order) -> Result<Order> {
        let path = format!("/orders/{id}");
        self.call(Method::PATCH, &path, body).await
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn health() {
        get("/health");
    }
}
