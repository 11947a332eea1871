using System.Diagnostics;
using System.Text.Json;
using Sallyport.Bench.Http;

namespace Sallyport.Bench;

/// <summary>The calls of a customer's backend.</summary>
internal sealed class ManagementApi(string authorization)
{
    private const string UserPath = "/api/v2/users";
    private const string TicketPath = "/api/v2/guardian/enrollments/ticket";
    private const string FactorPath = "/api/v2/guardian/factors/";
    private const string Callback = "https://app.example/mfa-result";
    private const int TicketIdLength = 32;

    public static ManagementApi Open(HttpConnection connection, Target target, string clientId, string clientSecret)
    {
        var json = $$"""
            {"grant_type":"client_credentials","client_id":"{{clientId}}","client_secret":"{{clientSecret}}","audience":"{{target.Audience}}"}
            """;
        var token = connection.Post("/oauth/token", "None", json).ShouldBe(200, "token").Member("access_token", "token");
        return new ManagementApi("Bearer " + token);
    }

    public string CreateUser(HttpConnection connection, string name) => CreateUserWith(connection, $"\"email\":\"{name}@example.com\"");

    /// <summary>Creates a user who gets no mails.</summary>
    public string CreateUserWithoutAddress(HttpConnection connection) =>
        CreateUserWith(connection, $"\"username\":\"bench-{Stopwatch.GetTimestamp():x}-{Environment.CurrentManagedThreadId:x}\"");

    private string CreateUserWith(HttpConnection connection, string member)
    {
        var json = $$"""{"connection":"Username-Password-Authentication",{{member}}}""";
        return connection.Post(UserPath, authorization, json).ShouldBe(201, "user").Member("user_id", "user");
    }

    /// <returns>The id of a client whose users sign in.</returns>
    public string CreateClient(HttpConnection connection)
    {
        var json = $$"""{"name":"bench-{{Stopwatch.GetTimestamp():x}}","app_type":"regular_web","callbacks":["{{Callback}}"]}""";
        return connection.Post("/api/v2/clients", authorization, json).ShouldBe(201, "client").Member("client_id", "client");
    }

    /// <param name="key">In Base32.</param>
    public void AddAuthenticatorApp(HttpConnection connection, string userId, string key) =>
        AddMethod(connection, userId, $$"""{"type":"totp","totp_secret":"{{key}}"}""");

    public void AddPhone(HttpConnection connection, string userId, string number) =>
        AddMethod(connection, userId, $$"""{"type":"phone","phone_number":"{{number}}"}""");

    private void AddMethod(HttpConnection connection, string userId, string json) =>
        connection.Post($"{UserPath}/{Uri.EscapeDataString(userId)}/authentication-methods", authorization, json).ShouldBe(201, "authentication method");

    public void SetFactor(HttpConnection connection, string name, bool isEnabled) =>
        Set(connection, name, $$"""{"enabled":{{(isEnabled ? "true" : "false")}}}""");

    /// <param name="path">Relative to <c>/api/v2/guardian/factors</c>.</param>
    public void Set(HttpConnection connection, string path, string json) => connection.Put(FactorPath + path, authorization, json).ShouldBe(200, path);

    /// <summary>Sends push messages to phones with Android as a service account of Google.</summary>
    /// <param name="privateKey">In PEM.</param>
    public void UseFcm(HttpConnection connection, string privateKey)
    {
        var account = $$"""{"project_id":"bench","client_email":"bench@example.com","private_key":{{JsonSerializer.Serialize(privateKey, ResultJson.Default.String)}}}""";
        var credentials = JsonSerializer.Serialize(account, ResultJson.Default.String);
        Set(connection, "push-notification/providers/fcmv1", $$"""{"server_credentials":{{credentials}}}""");
        Set(connection, "push-notification/selected-provider", """{"provider":"direct"}""");
    }

    /// <returns>The request token.</returns>
    public string CreateSignIn(HttpConnection connection, string userId, string clientId)
    {
        var json = $$"""{"user_id":"{{userId}}","client_id":"{{clientId}}","post_action_url":"{{Callback}}","nonce":"{{GuardianApi.Nonce}}"}""";
        return connection.Post("/api/v2/guardian/transactions", authorization, json).ShouldBe(201, "sign-in").Member("request_token", "sign-in");
    }

    /// <param name="path">Relative to <c>/api/v2</c>.</param>
    /// <exception cref="WrongAnswerException">The number of users is different.</exception>
    public void FindUsers(HttpConnection connection, string path, int expected)
    {
        var answer = connection.Get("/api/v2/" + path, authorization).ShouldBe(200, "users");
        answer.ShouldHold("\"user_id\":\"auth0|"u8, expected, "users");
    }

    /// <summary>Sends the tenant's mails to a mail server on this machine.</summary>
    public void UseMailServer(HttpConnection connection, int port)
    {
        var json = $$$"""{"name":"smtp","credentials":{"smtp_host":"127.0.0.1","smtp_port":{{{port}}}}}""";
        connection.Post("/api/v2/emails/provider", authorization, json).ShouldBe(201, "provider");
    }

    /// <summary>Creates a ticket and mails its link to the user.</summary>
    public void MailTicket(HttpConnection connection, string userId) =>
        connection.Post(TicketPath, authorization, $$"""{"user_id":"{{userId}}","send_mail":true}""").ShouldBe(200, "ticket");

    /// <returns>The ticket's id.</returns>
    public string CreateTicket(HttpConnection connection, string userId)
    {
        var answer = connection.Post(TicketPath, authorization, $$"""{"user_id":"{{userId}}"}""").ShouldBe(200, "ticket");
        var id = answer.Member("ticket_id", "ticket");
        return id.Length == TicketIdLength && answer.Member("ticket_url", "ticket").EndsWith(id, StringComparison.Ordinal)
            ? id
            : throw new WrongAnswerException("ticket: the answer contains no ticket");
    }
}
