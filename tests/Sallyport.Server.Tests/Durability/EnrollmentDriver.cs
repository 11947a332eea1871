using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sallyport.Protocols.Otp;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Durability;

/// <summary>Several clients, each of which enrolls one user after the other until the server stops answering.</summary>
internal sealed class EnrollmentDriver(string url) : IDisposable
{
    private const int Clients = 8;

    private readonly HttpClient http = new() { BaseAddress = new Uri(url) };
    private int unexpected;

    /// <summary>The enrollments that clients were told are confirmed.</summary>
    public ConcurrentQueue<Confirmed> Confirmed { get; } = [];

    /// <summary>Secrets that must not be in the log.</summary>
    public ConcurrentQueue<string> Secrets { get; } = [];

    /// <summary>Answers other than a success or a broken connection.</summary>
    public int Unexpected => unexpected;

    /// <returns>Completes when the server is gone; <paramref name="reached"/> completes earlier, after the given number of confirmations.</returns>
    public async Task RunAsync(int count, TaskCompletionSource reached)
    {
        var token = await FetchTokenAsync();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            while (await TryEnrollAsync(token))
            {
                if (Confirmed.Count >= count)
                {
                    reached.TrySetResult();
                }
            }

            reached.TrySetResult();
        }));
    }

    public async Task<string> FetchTokenAsync() => (string)(await SendAsync("/oauth/token", null, new
    {
        grant_type = "client_credentials",
        client_id = TestServer.ClientId,
        client_secret = TestServer.ClientSecret,
        audience = url + "/api/v2/",
    }))["access_token"]!;

    public async Task<JsonArray> ListEnrollmentsAsync(string token, string userId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v2/users/{Uri.EscapeDataString(userId)}/enrollments");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsArray();
    }

    public void Dispose() => http.Dispose();

    private async Task<bool> TryEnrollAsync(string token)
    {
        try
        {
            var connection = new { connection = "Username-Password-Authentication", email = $"{Guid.CreateVersion7():N}@example.com" };
            var userId = (string)(await SendAsync("/api/v2/users", "Bearer " + token, connection))["user_id"]!;
            var ticket = (string)(await SendAsync("/api/v2/guardian/enrollments/ticket", "Bearer " + token, new { user_id = userId }))["ticket_id"]!;
            Secrets.Enqueue(ticket);
            var flow = new Flow(await SendAsync("/api/start-flow", $"Ticket id=\"{ticket}\"", new { state_transport = "polling" }));
            Secrets.Enqueue(flow.RecoveryCode!);
            var code = Totp.Code(flow.Secret, TimeProvider.System.GetUtcNow(), TotpParameters.Default);
            await SendAsync("/api/verify-otp", "Bearer " + flow.Token, new { type = "manual_input", code });
            Confirmed.Enqueue(new Confirmed(userId, flow.AuthenticatorId));
            return true;
        }
        catch (Exception exception) when (exception is HttpIOException or IOException or HttpRequestException { StatusCode: null })
        {
            return false;
        }
        catch (HttpRequestException)
        {
            Interlocked.Increment(ref unexpected);
            return false;
        }
    }

    /// <exception cref="HttpRequestException">With a status if the server refused; without one if the connection broke.</exception>
    private async Task<JsonNode> SendAsync(string path, string? authorization, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}

internal sealed record Confirmed(string UserId, string AuthenticatorId);
