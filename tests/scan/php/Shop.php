<?php

class Shop
{
    const BASE = 'https://shop.example/api/v2';

    public function user($id)
    {
        return $this->client->get(self::BASE . '/users/' . $id);
    }

    public function users($page)
    {
        return $this->client->request('GET', "/users", ['query' => ['page' => $page]]);
    }

    public function order($item)
    {
        return Http::post('/orders', ['item' => $item]);
    }

    public function remove($id)
    {
        $url = sprintf('%s/users/%d', self::BASE, $id);
        return $this->client->delete($url);
    }

    #[Route('/orders/{id}/cancel', methods: ['POST'])]
    public function cancel($id)
    {
    }
}

Route::get('/health', [HealthController::class, 'show']);
Route::patch("/orders/{order}", 'OrderController@change');
