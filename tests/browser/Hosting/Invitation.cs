using System.Globalization;
using System.Net;
using Sallyport.Protocols.Otp;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Browser.Tests.Hosting;

/// <summary>A user with an enrollment ticket.</summary>
internal sealed record Invitation(TestServer Server, string UserId, string Email, string TicketId)
{
    public string Url => $"{Server.Url}/mfa/enrollment?ticket={TicketId}";

    /// <summary>Also sets the server's clock to the time of the browser.</summary>
    public static async Task<Invitation> CreateAsync(TestServer server, string? email = null)
    {
        server.Clock.Set(TimeProvider.System.GetUtcNow());
        email ??= $"ada-{Guid.CreateVersion7().ToString("N")[^8..]}@example.com";
        var management = new ManagementApi(server);
        var userId = await management.CreateUserAsync(email);
        return new Invitation(server, userId, email, await management.CreateTicketAsync(userId));
    }

    /// <summary>Another ticket for the same user.</summary>
    public async Task<Invitation> NewTicketAsync() => this with { TicketId = await new ManagementApi(Server).CreateTicketAsync(UserId) };

    public string CodeOf(string secret, int stepsAhead = 0) =>
        new GuardianApi(Server).CodeOf(Base32.TryDecode(secret, out var key) ? key : throw new FormatException("No key"), stepsAhead);

    /// <param name="index">Different wrong codes for different numbers.</param>
    public string WrongCodeOf(string secret, int index = 0)
    {
        string[] right = [CodeOf(secret, -1), CodeOf(secret), CodeOf(secret, 1)];
        return Enumerable.Range(0, 100).Select(n => n.ToString("D6", CultureInfo.InvariantCulture)).Where(code => !right.Contains(code)).ElementAt(index);
    }

    public async Task<IReadOnlyList<string>> EnrollmentStatesAsync()
    {
        var enrollments = await new ManagementApi(Server).GetAsync($"/users/{Uri.EscapeDataString(UserId)}/enrollments");
        return [.. enrollments.AsArray().Select(enrollment => (string)enrollment!["status"]!)];
    }

    /// <summary>The status of the page: 200 as long as the ticket can be used.</summary>
    public async Task<HttpStatusCode> StatusAsync(HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, Url);
        using var response = await Server.Http.SendAsync(request);
        return response.StatusCode;
    }

    public async Task BlockAsync() =>
        (await new ManagementApi(Server).SendAsync(HttpMethod.Patch, $"/users/{Uri.EscapeDataString(UserId)}", new { blocked = true })).ShouldBe(HttpStatusCode.OK);

    public async Task WithdrawAsync() =>
        (await new ManagementApi(Server).SendAsync(HttpMethod.Delete, "/guardian/enrollments/tickets?user_id=" + Uri.EscapeDataString(UserId)))
            .Status.ShouldBe(HttpStatusCode.NoContent);

    /// <summary>Enrolls without a browser.</summary>
    public Task EnrollAsync() => new GuardianApi(Server).EnrollAsync(TicketId);
}
