using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>
/// A phone with an app that is built on the Guardian SDK: its requests, and its tokens, have the form that the published SDKs give them. A test
/// changes one thing of a <see cref="PhoneToken"/>.
/// </summary>
internal sealed class Phone
{
    public const string Service = "GCM";

    private Phone(Person person, AsymmetricAlgorithm key) => (Person, Key) = (person, key);

    public Person Person { get; }

    public AsymmetricAlgorithm Key { get; }

    public string Identifier { get; set; } = "local-" + Guid.CreateVersion7().ToString("N");

    public string PushToken { get; set; } = "push-token-" + Guid.CreateVersion7().ToString("N");

    public string PushService { get; init; } = Service;

    /// <summary>The answer to the enrollment.</summary>
    public JsonNode Account { get; private set; } = new JsonObject();

    public string Id => (string)Account["id"]!;

    public string Base => Person.Server.Url + Person.Prefix;

    public static Phone Of(Person person, AsymmetricAlgorithm? key = null, string service = Service) => new(person, key ?? new PooledRsaKeys().Create()) { PushService = service };

    /// <summary>Switches push on and enrolls a phone with a ticket.</summary>
    public static async Task<(Phone Phone, Flow Flow)> EnrollAsync(Person person, AsymmetricAlgorithm? key = null, string service = Service)
    {
        await person.SetFactorAsync("push-notification", enabled: true);
        var flow = await person.StartAsync();
        var phone = Of(person, key, service);
        (await phone.EnrollAsync(flow)).ShouldBe(HttpStatusCode.Created);
        return (phone, flow);
    }

    public Task<Answer> EnrollAsync(Flow flow) => EnrollAsync((string)flow.Json["enrollment_tx_id"]!);

    public async Task<Answer> EnrollAsync(string enrollmentId, Action<JsonObject>? change = null)
    {
        var body = EnrollmentBody();
        change?.Invoke(body);
        var answer = await SendAsync(HttpMethod.Post, Person.Prefix + "/api/enroll", $"Ticket id=\"{enrollmentId}\"", body);
        if (answer.Status == HttpStatusCode.Created)
        {
            Account = answer.Json!;
        }

        return answer;
    }

    public JsonObject EnrollmentBody() => new()
    {
        ["identifier"] = Identifier,
        ["name"] = "Ann's phone",
        ["push_credentials"] = new JsonObject { ["service"] = PushService, ["token"] = PushToken },
        ["public_key"] = Jwk(),
    };

    /// <summary>With the leading zero byte that both SDKs write before the modulus.</summary>
    public JsonObject Jwk()
    {
        if (Key is RSA rsa)
        {
            var key = rsa.ExportParameters(includePrivateParameters: false);
            return new JsonObject
            {
                ["kty"] = "RSA",
                ["alg"] = "RS256",
                ["use"] = "sig",
                ["e"] = Base64Url.EncodeToString(key.Exponent),
                ["n"] = Base64Url.EncodeToString([0, .. key.Modulus!]),
            };
        }

        var point = ((ECDsa)Key).ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["alg"] = "ES256",
            ["use"] = "sig",
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    /// <summary>Asks for a push message and waits for it.</summary>
    public async Task<ReceivedPush> RequestPushAsync(Flow flow)
    {
        var before = List();
        (await SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        return await WaitForPushAsync(before);
    }

    public Task<Answer> SendPushAsync(Flow flow) => Person.Guardian.SendAsync("send-push-notification", "Bearer " + flow.Token);

    public async Task<ReceivedPush> WaitForPushAsync(IReadOnlyCollection<string> before)
    {
        var files = await Eventually.GetAsync(() => Task.FromResult(List().Except(before).ToList()), files => files.Count == 1);
        return new ReceivedPush(JsonNode.Parse(await File.ReadAllTextAsync(files[0]))!);
    }

    /// <returns>The files of the messages to this phone.</returns>
    public List<string> List() =>
        [.. PhoneOutbox.ListFiles(Person.Server).Where(file => File.ReadAllText(file).Contains(PushToken, StringComparison.Ordinal))];

    public Task<Answer> AcceptAsync(ReceivedPush push) => AnswerAsync(push, Response(push, isAccepted: true));

    public Task<Answer> RejectAsync(ReceivedPush push, string? reason = null) => AnswerAsync(push, Response(push, isAccepted: false, reason));

    public Task<Answer> AnswerAsync(ReceivedPush push, PhoneToken response) => AnswerAsync(push, response.SignWith(Key));

    public Task<Answer> AnswerAsync(ReceivedPush push, string response) =>
        SendAsync(HttpMethod.Post, Person.Prefix + "/api/resolve-transaction", "Bearer " + push.AnswerToken, new JsonObject { ["challenge_response"] = response });

    /// <summary>A valid response.</summary>
    public PhoneToken Response(ReceivedPush push, bool isAccepted, string? reason = null)
    {
        var now = Now();
        var claims = new JsonObject
        {
            ["iat"] = now,
            ["exp"] = now + 30,
            ["aud"] = Base + "/api/resolve-transaction",
            ["iss"] = Identifier,
            ["sub"] = push.Nonce,
            ["auth0_guardian_method"] = "push",
            ["auth0_guardian_accepted"] = isAccepted,
        };
        if (reason is not null)
        {
            claims["auth0_guardian_reason"] = reason;
        }

        return new PhoneToken(Header(), claims);
    }

    /// <summary>A valid token with which the phone changes or removes itself.</summary>
    public PhoneToken AccountToken()
    {
        var now = Now();
        return new PhoneToken(Header(), new JsonObject
        {
            ["iat"] = now,
            ["exp"] = now + 7200,
            ["aud"] = Base + "/api/device-accounts",
            ["iss"] = Id,
            ["sub"] = Person.UserId,
        });
    }

    public Task<Answer> PatchAsync(string token, object body) =>
        SendAsync(HttpMethod.Patch, $"{Person.Prefix}/api/device-accounts/{Id}", "Bearer " + token, body);

    public Task<Answer> DeleteAsync(string token) => SendAsync(HttpMethod.Delete, $"{Person.Prefix}/api/device-accounts/{Id}", "Bearer " + token);

    public long Now() => Person.Clock.GetUtcNow().ToUnixTimeSeconds();

    public JsonObject Header() => new() { ["alg"] = Key is RSA ? "RS256" : "ES256", ["typ"] = "JWT" };

    public async Task<Answer> SendAsync(HttpMethod method, string path, string authorization, object? body = null, string? proof = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (proof is not null)
        {
            request.Headers.TryAddWithoutValidation("MFA-DPoP", proof);
        }

        using var response = await Person.Server.Http.SendAsync(request);
        var answer = await Answer.ReadAsync(response);
        // The SDK for iOS takes nothing else for a success.
        if (response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.NoContent)
        {
            response.Content.Headers.ContentType?.MediaType.ShouldBe("application/json");
            answer.Json.ShouldNotBeNull();
        }

        return answer;
    }
}

/// <summary>A push message in the outbox folder.</summary>
internal sealed record ReceivedPush(JsonNode Json)
{
    public JsonNode Payload => Json["payload"]!;

    public JsonNode Mfa => Payload["mfa"] ?? Payload;

    public string AnswerToken => (string)Mfa["txtkn"]!;

    public string Nonce => (string)Mfa["c"]!;

    public string? ConsentId => (string?)Mfa["txlnkid"];
}

/// <summary>A token that a phone signs.</summary>
internal sealed record PhoneToken(JsonObject Header, JsonObject Claims)
{
    public PhoneToken With(string claim, JsonNode? value)
    {
        var claims = (JsonObject)Claims.DeepClone();
        claims[claim] = value;
        return this with { Claims = claims };
    }

    public PhoneToken Without(string claim)
    {
        var claims = (JsonObject)Claims.DeepClone();
        claims.Remove(claim);
        return this with { Claims = claims };
    }

    public PhoneToken WithHeader(string name, JsonNode? value)
    {
        var header = (JsonObject)Header.DeepClone();
        header[name] = value;
        return this with { Header = header };
    }

    /// <summary>What is signed.</summary>
    public string SigningInput() => Encode(Header.ToJsonString()) + "." + Encode(Claims.ToJsonString());

    public string SignWith(AsymmetricAlgorithm key)
    {
        var input = SigningInput();
        var bytes = Encoding.ASCII.GetBytes(input);
        var signature = key switch
        {
            RSA rsa => rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            ECDsa ec => ec.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            _ => throw new NotSupportedException(key.GetType().Name),
        };
        return Sign(signature);
    }

    /// <summary>With a signature that something else has made.</summary>
    public string Sign(byte[] signature) => SigningInput() + "." + Base64Url.EncodeToString(signature);

    /// <summary>A number with a fraction, as the SDK for iOS writes times.</summary>
    public static JsonNode Fraction(long seconds) => JsonNode.Parse(string.Create(CultureInfo.InvariantCulture, $"{seconds}.123456"))!;

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
