using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace AspNetCoreSample;

/// <summary>The calls of the Management API that tickets and sign-ins need.</summary>
/// <param name="http">Its base address is that of Sallyport.</param>
internal sealed class SallyportClient(HttpClient http, string clientId, string clientSecret)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private (string Value, DateTimeOffset ExpiresAt) token;

    /// <returns>The id of the application with this name and callback. It is created if it does not exist.</returns>
    public async Task<string> FindOrCreateApplicationAsync(string name, string callback)
    {
        var known = await SendAsync<Application[]>(HttpMethod.Get, "clients");
        return known.FirstOrDefault(client => client.Name == name && client.Callbacks?.Contains(callback) == true)?.ClientId
            ?? (await SendAsync<Application>(HttpMethod.Post, "clients", new { name, callbacks = new[] { callback } })).ClientId;
    }

    /// <returns>The id of the user with this address. It is created if it does not exist.</returns>
    public async Task<string> FindOrCreateUserAsync(string email)
    {
        var known = await SendAsync<SallyportUser[]>(HttpMethod.Get, $"users-by-email?email={Uri.EscapeDataString(email)}");
        return known.FirstOrDefault()?.UserId
            ?? (await SendAsync<SallyportUser>(HttpMethod.Post, "users", new { connection = "Username-Password-Authentication", email })).UserId;
    }

    public async Task<bool> IsEnrolledAsync(string userId) =>
        (await SendAsync<Enrollment[]>(HttpMethod.Get, $"users/{Uri.EscapeDataString(userId)}/enrollments")).Any(enrollment => enrollment.Status == "confirmed");

    /// <returns>The link by which the user enrolls.</returns>
    public async Task<string> CreateTicketAsync(string userId) =>
        (await SendAsync<Ticket>(HttpMethod.Post, "guardian/enrollments/ticket", new { user_id = userId })).TicketUrl;

    public Task<SignIn> CreateSignInAsync(SignInRequest request) => SendAsync<SignIn>(HttpMethod.Post, "guardian/transactions", request);

    /// <returns>Null if the signature is not the result of this transaction, or if the result was handed out before.</returns>
    public async Task<SignInResult?> RedeemAsync(string transactionId, string signature)
    {
        using var response = await RequestAsync(HttpMethod.Post, $"guardian/transactions/{transactionId}/redeem", new { signature });
        return response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Conflict
            ? null
            : await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<SignInResult>(Json);
    }

    private async Task<T> SendAsync<T>(HttpMethod method, string path, object? body = null)
    {
        using var response = await RequestAsync(method, path, body);
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<T>(Json))!;
    }

    private async Task<HttpResponseMessage> RequestAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, "/api/v2/" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await GetTokenAsync());
        request.Content = body is null ? null : JsonContent.Create(body, options: Json);
        return await http.SendAsync(request);
    }

    private async Task<string> GetTokenAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        if (now >= token.ExpiresAt)
        {
            var request = new { grant_type = "client_credentials", client_id = clientId, client_secret = clientSecret, audience = new Uri(http.BaseAddress!, "/api/v2/") };
            using var response = await http.PostAsJsonAsync("/oauth/token", request, Json);
            var answer = (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<AccessToken>(Json))!;
            token = (answer.Value, now.AddSeconds(answer.ExpiresIn - 60));
        }

        return token.Value;
    }

    private sealed record AccessToken([property: System.Text.Json.Serialization.JsonPropertyName("access_token")] string Value, int ExpiresIn);

    private sealed record Application(string ClientId, string? Name, string[]? Callbacks);

    private sealed record SallyportUser(string UserId);

    private sealed record Enrollment(string Status);

    private sealed record Ticket(string TicketUrl);
}

internal sealed record SignInRequest(string UserId, string ClientId, string PostActionUrl, string Nonce, bool SelfServiceEnrollment);

internal sealed record SignIn(string TransactionId, string MfaUrl);

internal sealed record SignInResult(string UserId, string ClientId, string? Nonce);
