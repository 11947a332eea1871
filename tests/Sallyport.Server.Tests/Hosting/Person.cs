using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>A user, with the calls that tests make for and as that user.</summary>
internal sealed class Person
{
    private Person(TestServer server, string prefix, string userId)
    {
        Server = server;
        Prefix = prefix;
        UserId = userId;
        Guardian = new GuardianApi(server, prefix);
    }

    public TestServer Server { get; }

    /// <summary>The base of the Guardian API that this person's browser uses.</summary>
    public string Prefix { get; }

    public string UserId { get; }

    /// <summary>The address for codes by email, once <see cref="VerifyAddressAsync"/> has set it.</summary>
    public string Address => UserId.Split('|')[1].ToLowerInvariant() + "@example.com";

    public string UserPath => "/users/" + Uri.EscapeDataString(UserId);

    /// <summary>Uses a new access token each time, because tests move the clock past its expiry.</summary>
    public ManagementApi Management => new(Server);

    public GuardianApi Guardian { get; }

    public ManualClock Clock => Server.Clock;

    /// <param name="prefix">The base of the Guardian API, without <c>/api</c>.</param>
    public static async Task<Person> CreateAsync(TestServer server, string prefix = "/appliance-mfa") =>
        new(server, prefix, await new ManagementApi(server).CreateUserAsync());

    public static Person Of(TestServer server, string userId) => new(server, "/appliance-mfa", userId);

    public Task<string> NewTicketAsync(bool allowMultiple = false) => Management.CreateTicketAsync(UserId, allowMultiple);

    /// <summary>Calls start-flow with a new ticket: an enrollment, or an authentication if the user is enrolled.</summary>
    public async Task<Flow> StartAsync(bool allowMultiple = false) => await Guardian.StartAsync(await NewTicketAsync(allowMultiple));

    public async Task<Flow> EnrollAsync(bool allowMultiple = false) => await Guardian.EnrollAsync(await NewTicketAsync(allowMultiple));

    public Task<Answer> TryStartSignInAsync(SignInStart signIn) => Guardian.SendAsync("start-flow", "Bearer " + signIn.RequestToken);

    /// <summary>Calls start-flow with the request token of a sign-in: an authentication, or an enrollment if the user is not enrolled.</summary>
    public async Task<Flow> StartSignInAsync(SignInStart signIn) => new((await TryStartSignInAsync(signIn)).ShouldBe(HttpStatusCode.Created));

    public async Task<JsonArray> ListEnrollmentsAsync() => (await Management.GetAsync(UserPath + "/enrollments")).AsArray();

    /// <returns>The types of the log entries about this person that the Guardian API wrote, oldest first.</returns>
    public async Task<List<string>> ListGuardianLogAsync() =>
        [.. (await Management.ListLogTypesAsync(UserId)).Where(type => type.StartsWith("gd_", StringComparison.Ordinal))];

    /// <returns>How many rows of a table name this person and meet a condition.</returns>
    public async Task<long> CountAsync(string table, string condition = "1 = 1") =>
        (await Server.Database.QueryAsync(
            new Statement($"SELECT count(*) FROM \"{table}\" WHERE user_id = @user_id AND ({condition})", ("user_id", UserId)),
            row => row.GetInt64(0),
            CancellationToken.None))[0];

    /// <summary>Sends wrong codes one after the other; each is refused.</summary>
    public async Task FailAsync(Flow flow, string wrongCode, int times)
    {
        for (var i = 0; i < times; i++)
        {
            (await Guardian.VerifyAsync(flow, wrongCode)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        }
    }

    /// <summary>Switches codes by email on, and gives the user an address.</summary>
    public async Task VerifyAddressAsync(bool isVerified = true)
    {
        await SetFactorAsync("email", enabled: true);
        (await PatchAsync(new { email = Address })).ShouldBe(HttpStatusCode.OK);
        (await PatchAsync(new { email_verified = isVerified })).ShouldBe(HttpStatusCode.OK);
    }

    public Task<Answer> PatchAsync(object changes) => Management.SendAsync(HttpMethod.Patch, UserPath, changes);

    /// <summary>Enrolls the address with a code from a mail.</summary>
    /// <param name="allowMultiple">The person has another authenticator.</param>
    public async Task EnrollEmailAsync(bool allowMultiple = false)
    {
        var flow = await StartAsync(allowMultiple);
        (await Guardian.VerifyAsync(flow, await MailCodeAsync(flow))).ShouldBe(HttpStatusCode.OK);
    }

    public Task<Answer> SendEmailAsync(Flow flow) => Guardian.SendAsync("send-email", "Bearer " + flow.Token);

    /// <returns>The code in the mail that this request has sent.</returns>
    public async Task<string> MailCodeAsync(Flow flow)
    {
        var before = Mail.ListFilesTo(Server, Address);
        (await SendEmailAsync(flow)).ShouldBe(HttpStatusCode.OK);
        return await Mail.WaitForCodeAsync(Server, Address, before);
    }

    public async Task SetFactorAsync(string name, bool enabled) =>
        (await Management.SendAsync(HttpMethod.Put, "/guardian/factors/" + name, new { enabled })).ShouldBe(HttpStatusCode.OK);

    /// <returns>The signed result of an enrollment.</returns>
    public async Task<string> AcceptedResultAsync() => (string)(await Guardian.GetStateAsync(await EnrollAsync()))["token"]!;

    /// <summary>Sends a body that need not be JSON.</summary>
    public Task<Answer> SendAsync(string path, Flow flow, string body) =>
        Guardian.SendAsync(path, "Bearer " + flow.Token, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

    public Task<Answer> SendAsync(string path, Flow flow, object? body) =>
        Guardian.SendAsync(path, "Bearer " + flow.Token, JsonContent.Create(body));
}
