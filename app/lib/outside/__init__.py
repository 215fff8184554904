"""The one guard before every address that a tenant can type: webhooks, mail servers (SSRF,
https://owasp.org/www-community/attacks/Server_Side_Request_Forgery)."""
