using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Factors.Duo;
using Sallyport.Server.Tests.Factors.WebAuthn;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Transactions;

internal enum Guess
{
    Accepted,
    Wrong,

    /// <summary>A limit was reached, so nobody learns whether the response was right.</summary>
    NotEvaluated,
}

/// <summary>A person who is asked for a factor on one path.</summary>
/// <param name="Person">Whose calls are below the usual base, whatever the path is.</param>
/// <param name="GuessAsync">Sends a wrong response.</param>
/// <param name="AnswerAsync">Sends the right one.</param>
internal sealed record GuessScene(Person Person, Func<Task<Guess>> GuessAsync, Func<Task<Guess>> AnswerAsync)
{
    private const string NoRecoveryCode = "AAAAAAAAAAAAAAAAAAAAAAAA";

    public static async Task<GuessScene> OfAppAsync(GuessServers servers, Engine engine)
    {
        var person = await Person.CreateAsync(await servers.Any.GetAsync(engine));
        var (enrolled, flow) = (await person.EnrollAsync(), await person.StartAsync());
        return new GuessScene(
            person,
            () => GuardianAsync(() => person.Guardian.VerifyAsync(flow, person.Guardian.WrongCodeOf(enrolled))),
            () => GuardianAsync(() => person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(enrolled, 1))));
    }

    public static async Task<GuessScene> OfAppEnrollmentAsync(GuessServers servers, Engine engine)
    {
        var person = await Person.CreateAsync(await servers.Any.GetAsync(engine));
        var flow = await person.StartAsync();
        return new GuessScene(
            person,
            () => GuardianAsync(() => person.Guardian.VerifyAsync(flow, person.Guardian.WrongCodeOf(flow))),
            () => GuardianAsync(() => person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))));
    }

    public static async Task<GuessScene> OfRecoveryCodeAsync(GuessServers servers, Engine engine)
    {
        var person = await Person.CreateAsync(await servers.Any.GetAsync(engine));
        var (enrolled, flow) = (await person.EnrollAsync(), await person.StartAsync());
        return new GuessScene(
            person,
            () => GuardianAsync(() => person.Guardian.RecoverAsync(flow, NoRecoveryCode)),
            () => GuardianAsync(() => person.Guardian.RecoverAsync(flow, enrolled.RecoveryCode!)));
    }

    public static async Task<GuessScene> OfPhoneAsync(GuessServers servers, Engine engine)
    {
        var phone = await PhonePerson.CreateAsync(await servers.Any.GetAsync(engine));
        await phone.EnrollAsync();
        var flow = await phone.Person.StartAsync();
        return OfSentCode(phone.Person, flow, await phone.CodeOfAsync(() => phone.SendAsync(flow)));
    }

    public static async Task<GuessScene> OfPhoneEnrollmentAsync(GuessServers servers, Engine engine)
    {
        var phone = await PhonePerson.CreateAsync(await servers.Any.GetAsync(engine));
        var flow = await phone.Person.StartAsync();
        return OfSentCode(phone.Person, flow, await phone.CodeOfAsync(() => phone.EnrollNumberAsync(flow)));
    }

    public static async Task<GuessScene> OfEmailAsync(GuessServers servers, Engine engine)
    {
        var person = await Person.CreateAsync(await servers.Any.GetAsync(engine));
        await person.VerifyAddressAsync();
        await person.EnrollEmailAsync();
        var flow = await person.StartAsync();
        return OfSentCode(person, flow, await person.MailCodeAsync(flow));
    }

    public static async Task<GuessScene> OfEmailEnrollmentAsync(GuessServers servers, Engine engine)
    {
        var person = await Person.CreateAsync(await servers.Any.GetAsync(engine));
        await person.VerifyAddressAsync();
        var flow = await person.StartAsync();
        return OfSentCode(person, flow, await person.MailCodeAsync(flow));
    }

    public static Func<GuessServers, Engine, Task<GuessScene>> OfCredential(string method) => async (servers, engine) =>
    {
        var scene = await WebAuthnScene.CreateAsync(servers.Any, engine);
        var key = new SoftwareKey(scene.Person.Server.Url) { IsVerified = true };
        (await scene.RegisterAsync(await scene.StartAsync(method), key, method)).ShouldBe(HttpStatusCode.OK);
        // Registering has used challenges up.
        scene.Person.Clock.Advance(TimeSpan.FromMinutes(2));
        var flow = await scene.Person.StartAsync();
        return new GuessScene(
            scene.Person,
            () => CredentialAsync(scene, flow, method, new SoftwareKey(scene.Person.Server.Url) { Id = key.Id, IsVerified = true }.Assert),
            () => CredentialAsync(scene, flow, method, key.Assert));
    };

    public static Func<GuessServers, Engine, Task<GuessScene>> OfCredentialEnrollment(string method) => async (servers, engine) =>
    {
        var scene = await WebAuthnScene.CreateAsync(servers.Any, engine);
        var flow = await scene.StartAsync(method);
        return new GuessScene(
            scene.Person,
            () => CredentialAsync(scene, flow, method, new SoftwareKey("https://other.example") { IsVerified = true }.Register),
            () => CredentialAsync(scene, flow, method, new SoftwareKey(scene.Person.Server.Url) { IsVerified = true }.Register));
    };

    public static async Task<GuessScene> OfDuoAsync(GuessServers servers, Engine engine)
    {
        var scene = await servers.GetDuoAsync(engine);
        var person = await scene.NewPersonAsync();
        await scene.EnrollAsync(person);
        scene.Server.Clock.Advance(TimeSpan.FromHours(1));
        return OfDuo(scene, person, await person.StartAsync());
    }

    public static async Task<GuessScene> OfDuoEnrollmentAsync(GuessServers servers, Engine engine)
    {
        var scene = await servers.GetDuoAsync(engine);
        var person = await scene.NewPersonAsync();
        return OfDuo(scene, person, await person.StartAsync());
    }

    public static async Task<GuessScene> OfAppInMfaApiAsync(GuessServers servers, Engine engine)
    {
        var client = await MfaClient.CreateAsync(await servers.Any.GetAsync(engine));
        var enrolled = await client.EnrollAsync();
        var token = await client.MfaTokenAsync();
        return new GuessScene(
            Person.Of(client.Server, client.UserId),
            () => OAuthAsync(() => client.OtpAsync(token, client.Guardian.WrongCodeOf(enrolled))),
            () => OAuthAsync(() => client.OtpAsync(token, client.Guardian.CodeOf(enrolled, 1))));
    }

    public static async Task<GuessScene> OfRecoveryCodeInMfaApiAsync(GuessServers servers, Engine engine)
    {
        var client = await MfaClient.CreateAsync(await servers.Any.GetAsync(engine));
        var enrolled = await client.EnrollAsync();
        var token = await client.MfaTokenAsync();
        return new GuessScene(
            Person.Of(client.Server, client.UserId),
            () => OAuthAsync(() => client.RecoverAsync(token, NoRecoveryCode)),
            () => OAuthAsync(() => client.RecoverAsync(token, enrolled.RecoveryCode!)));
    }

    public static async Task<GuessScene> OfPhoneInMfaApiAsync(GuessServers servers, Engine engine)
    {
        var client = await MfaClient.CreateAsync(await servers.Any.GetAsync(engine));
        var number = PhonePerson.NewNumber();
        await AddMethodAsync(client, "sms", new { type = "phone", phone_number = number, preferred_authentication_method = "sms", name = "Phone" });
        var before = PhoneOutbox.ListFiles(client.Server);
        var (token, challenge) = await ChallengeAsync(client);
        var messages = await Eventually.GetAsync(() => Task.FromResult(PhoneOutbox.ListTo(client.Server, number, before)), messages => messages.Count == 1);
        return OfBindingCode(client, token, challenge, PhoneOutbox.CodeIn(messages[0]));
    }

    public static async Task<GuessScene> OfEmailInMfaApiAsync(GuessServers servers, Engine engine)
    {
        var client = await MfaClient.CreateAsync(await servers.Any.GetAsync(engine));
        await AddMethodAsync(client, "email", new { type = "email", email = client.Email, name = "Mail" });
        var before = Mail.ListFilesTo(client.Server, client.Email);
        var (token, challenge) = await ChallengeAsync(client);
        return OfBindingCode(client, token, challenge, await Mail.WaitForCodeAsync(client.Server, client.Email, before));
    }

    public static async Task<GuessScene> OfPasswordAsync(GuessServers servers, Engine engine)
    {
        var client = await MfaClient.CreateAsync(await servers.Any.GetAsync(engine));
        return new GuessScene(
            Person.Of(client.Server, client.UserId),
            () => OAuthAsync(() => client.PasswordAsync(("password", "not the password"))),
            () => OAuthAsync(() => client.PasswordAsync()));
    }

    private static GuessScene OfSentCode(Person person, Flow flow, string code) => new(
        person,
        () => GuardianAsync(() => person.Guardian.VerifyAsync(flow, Other(code))),
        () => GuardianAsync(() => person.Guardian.VerifyAsync(flow, code)));

    private static GuessScene OfBindingCode(MfaClient client, string token, string challenge, string code) => new(
        Person.Of(client.Server, client.UserId),
        () => OAuthAsync(() => client.OobAsync(token, challenge, Other(code))),
        () => OAuthAsync(() => client.OobAsync(token, challenge, code)));

    private static GuessScene OfDuo(DuoScene scene, Person person, Flow flow)
    {
        return new GuessScene(person, () => ReturnAsync("wrong"), () => ReturnAsync(wrongCode: null));

        async Task<Guess> ReturnAsync(string? wrongCode)
        {
            var asked = await DuoScene.AuthorizeAsync(person, flow);
            if (asked.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.Unauthorized or HttpStatusCode.NotFound)
            {
                return Guess.NotEvaluated;
            }

            var (state, code) = scene.Duo.Confirm((string)asked.ShouldBe(HttpStatusCode.OK)["authorize_url"]!, scene.Callback);
            var returned = new DuoReturn(state, wrongCode ?? code, asked.Headers.GetValues("Set-Cookie").Single(cookie => cookie.Contains(state + "=") && !cookie.Contains("max-age=0")));
            return await scene.ReturnAsync(returned) == DuoScene.ReturnPath ? Guess.Accepted : Guess.Wrong;
        }
    }

    private static string Other(string code) =>
        ((int.Parse(code, CultureInfo.InvariantCulture) + 1) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    private static async Task<(string Token, string Challenge)> ChallengeAsync(MfaClient client)
    {
        var token = await client.MfaTokenAsync();
        var challenge = await client.ChallengeAsync(token, ("challenge_type", "oob"));
        return (token, (string)challenge.ShouldBe(HttpStatusCode.OK)["oob_code"]!);
    }

    private static async Task AddMethodAsync(MfaClient client, string factor, object method)
    {
        (await client.Management.SendAsync(HttpMethod.Put, "/guardian/factors/" + factor, new { enabled = true })).ShouldBe(HttpStatusCode.OK);
        (await client.Management.SendAsync(HttpMethod.Post, client.UserPath + "/authentication-methods", method)).ShouldBe(HttpStatusCode.Created);
    }

    private static async Task<Guess> CredentialAsync(WebAuthnScene scene, Flow flow, string method, Func<JsonNode, JsonObject> respond)
    {
        var challenge = await scene.TryChallengeAsync(flow, method);
        return challenge.Status == HttpStatusCode.OK
            ? await GuardianAsync(() => scene.VerifyAsync(flow, respond(challenge.Json!["public_key"]!)))
            : await GuardianAsync(() => Task.FromResult(challenge));
    }

    private static async Task<Guess> GuardianAsync(Func<Task<Answer>> send)
    {
        var answer = await send();
        return (answer.Status, answer.ErrorCode) switch
        {
            (HttpStatusCode.OK, _) => Guess.Accepted,
            (HttpStatusCode.Forbidden, "invalid_otp" or "invalid_recovery_code" or "invalid_credential") => Guess.Wrong,
            // Ten wrong responses end an enrollment.
            (HttpStatusCode.TooManyRequests, "too_many_attempts") or (HttpStatusCode.Unauthorized, "invalid_token") or (HttpStatusCode.Conflict, "enrollment_conflict")
                or (HttpStatusCode.NotFound, "enrollment_not_found") => Guess.NotEvaluated,
            _ => throw new ShouldAssertException($"{answer.Status} {answer.Text}"),
        };
    }

    private static async Task<Guess> OAuthAsync(Func<Task<Answer>> send)
    {
        var answer = await send();
        return (answer.Status, (string?)answer.Json?["error"]) switch
        {
            (HttpStatusCode.OK, _) or (HttpStatusCode.Forbidden, "mfa_required") => Guess.Accepted,
            (HttpStatusCode.Forbidden, "invalid_grant") => Guess.Wrong,
            (HttpStatusCode.TooManyRequests, "too_many_requests") or (HttpStatusCode.Unauthorized, "expired_token") or (HttpStatusCode.Forbidden, "access_denied") => Guess.NotEvaluated,
            _ => throw new ShouldAssertException($"{answer.Status} {answer.Text}"),
        };
    }
}

/// <summary>The servers of a test class.</summary>
public sealed class GuessServers : IAsyncDisposable
{
    private readonly Dictionary<Engine, DuoScene> duo = [];

    public Servers Any { get; } = new();

    /// <summary>A server whose tenant has set up Duo, and no authenticator apps.</summary>
    internal async Task<DuoScene> GetDuoAsync(Engine engine)
    {
        if (!duo.TryGetValue(engine, out var scene))
        {
            duo.Add(engine, scene = await DuoScene.StartAsync(engine));
        }

        return scene;
    }

    public async ValueTask DisposeAsync()
    {
        await Any.DisposeAsync();
        foreach (var scene in duo.Values)
        {
            await scene.DisposeAsync();
        }
    }
}
