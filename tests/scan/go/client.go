package shop

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
)

const base = "https://shop.example/api/v2"

func (c *Client) Users(page string) (*http.Response, error) {
	query := url.Values{}
	query.Set("page", page)
	return c.get("/users", query)
}

func (c *Client) AddUser(body []byte) (*http.Response, error) {
	return http.Post(base+"/users", "application/json", bytes.NewReader(body))
}

func (c *Client) RemoveUser(id int) error {
	req, err := http.NewRequest(http.MethodDelete, fmt.Sprintf("%s/users/%d", base, id), nil)
	if err != nil {
		return err
	}
	_, err = c.http.Do(req)
	return err
}

func (c *Client) Orders(id string) (*http.Response, error) {
	path, err := url.JoinPath(base, "users", id, "orders")
	if err != nil {
		return nil, err
	}
	return http.Get(path)
}
