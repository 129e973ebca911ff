const axios = require('axios');

const http = axios.create({ baseURL: '/api/v2' });

export const users = (page) => http.get('/users', { params: { page } });

export function addUser(name, email) {
  return http({ url: '/users', method: 'post', data: { name, email } });
}

export async function user(id) {
  const answer = await fetch(`https://shop.example/api/v2/users/${id}`);
  return answer.json();
}

export function removeUser(id) {
  return fetch('/api/v2/users/' + encodeURIComponent(id), { method: 'DELETE' });
}

// uni-app and WeChat
export function order(item) {
  return new Promise((resolve, reject) => {
    wx.request({
      url: getApp().base + '/orders',
      method: 'POST',
      data: { item },
      success: resolve,
      fail: reject,
    });
  });
}

export function search(q) {
  uni.request({ url: '/api/v2/search?q=' + q });
}

function patch(path, body) {
  return axios.patch(path, body);
}

export function changeOrder(id, body) {
  return patch(`/orders/${id}`, body);
}
