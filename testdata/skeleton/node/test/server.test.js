describe('server', () => it('answers', () => require('http').get('http://127.0.0.1:8080/')));
