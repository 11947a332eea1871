using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>
/// Stands for Duo's OIDC Auth API. It checks requests as the published API does, with code of its own, and issues a code for an authorization request.
/// </summary>
internal sealed class FakeDuo : IAsyncDisposable
{
    public const string ClientId = "DIXXXXXXXXXXXXXXXXXX";
    public const string Secret = "abcdefghijklmnopqrstuvwxyz0123456789ABCD";

    private readonly FakeProvider provider;
    private readonly ConcurrentDictionary<string, JsonObject> codes = new(StringComparer.Ordinal);

    private FakeDuo(FakeProvider provider)
    {
        this.provider = provider;
        provider.Reply = Answer;
    }

    public string Url => provider.Url;

    /// <summary>That of the server, once it has started.</summary>
    public TimeProvider Clock { get; set; } = new ManualClock();

    public bool IsDown { get; set; }

    /// <summary>The person does not confirm.</summary>
    public bool Denies { get; set; }

    /// <summary>A code can be exchanged more than once.</summary>
    public bool AllowsReuse { get; set; }

    /// <summary>Changes the claims of the ID token before it is signed.</summary>
    public Action<JsonObject> Change { get; set; } = _ => { };

    /// <summary>Signs the ID tokens.</summary>
    public string SigningSecret { get; set; } = Secret;

    public string Algorithm { get; set; } = "HS512";

    public IReadOnlyList<ReceivedRequest> Requests => provider.Requests;

    public List<string> Faults { get; } = [];

    public static async Task<FakeDuo> StartAsync() => new(await FakeProvider.StartAsync());

    /// <summary>The person opens the address and confirms.</summary>
    /// <returns>The state and the code with which Duo sends the browser back.</returns>
    public (string State, string Code) Confirm(string address, string callback)
    {
        var uri = new Uri(address);
        uri.GetLeftPart(UriPartial.Path).ShouldBe(Url + "/oauth/v1/authorize");
        var query = HttpUtility.ParseQueryString(uri.Query);
        query.AllKeys.ShouldBe(["response_type", "client_id", "request"]);
        (query["response_type"], query["client_id"]).ShouldBe(("code", ClientId));
        var request = Open(query["request"]!).ShouldNotBeNull();
        request.Select(claim => claim.Key).ShouldBe(
            ["scope", "redirect_uri", "client_id", "iss", "aud", "exp", "state", "nonce", "response_type", "duo_uname", "use_duo_code_attribute"], ignoreOrder: true);
        ((string)request["scope"]!, (string)request["response_type"]!, (string)request["aud"]!).ShouldBe(("openid", "code", Url));
        ((string)request["client_id"]!, (string)request["iss"]!, (string)request["redirect_uri"]!).ShouldBe((ClientId, ClientId, callback));
        ((bool)request["use_duo_code_attribute"]!).ShouldBeTrue();
        ((long)request["exp"]!).ShouldBeInRange(Now, Now + 300);
        ((string)request["state"]!).Length.ShouldBeInRange(16, 1024);
        ((string)request["nonce"]!).Length.ShouldBeInRange(16, 1024);
        var code = Guid.CreateVersion7().ToString("N");
        codes[code] = request;
        return ((string)request["state"]!, code);
    }

    public ValueTask DisposeAsync() => provider.DisposeAsync();

    private long Now => Clock.GetUtcNow().ToUnixTimeSeconds();

    private ProviderReply Answer(ReceivedRequest request)
    {
        if (IsDown)
        {
            return new ProviderReply(503);
        }

        if (request.Method == "GET")
        {
            return SendBack(Url + request.Target);
        }

        if (FindFault(request) is { } fault)
        {
            Faults.Add(fault);
            return new ProviderReply(400, $$"""{"stat":"FAIL","error":"invalid_client","error_description":"{{fault}}","code":40002}""");
        }

        return request.Target == "/oauth/v1/health_check"
            ? new ProviderReply(200, $$$"""{"stat":"OK","response":{"timestamp":{{{Now}}}}}""")
            : Exchange(request);
    }

    /// <summary>The browser is at the address, and the person answers at once.</summary>
    private ProviderReply SendBack(string address)
    {
        var callback = (string)Open(HttpUtility.ParseQueryString(new Uri(address).Query)["request"]!)!["redirect_uri"]!;
        var (state, code) = Confirm(address, callback);
        var location = Denies ? $"{callback}?state={state}&error=access_denied" : $"{callback}?state={state}&duo_code={code}";
        return new ProviderReply(302) { Headers = new Dictionary<string, string> { ["Location"] = location } };
    }

    /// <summary>Both endpoints authenticate the client by a JWT that names their address.</summary>
    private string? FindFault(ReceivedRequest request) =>
        request.Method != "POST" ? "method"
        : request.Headers["Content-Type"] != "application/x-www-form-urlencoded" ? "content type"
        : request.Field("client_id") != ClientId ? "client_id"
        : Open(request.Field("client_assertion") ?? "..") is not { } claims ? "signature"
        : (string?)claims["iss"] != ClientId || (string?)claims["sub"] != ClientId ? "iss, sub"
        : (string?)claims["aud"] != Url + request.Target ? "aud"
        : ((string?)claims["jti"])?.Length != 36 ? "jti"
        : (long)claims["exp"]! < Now || (long)claims["exp"]! > Now + 300 ? "exp"
        : null;

    private ProviderReply Exchange(ReceivedRequest request)
    {
        var code = request.Field("code") ?? "";
        if (request.Field("grant_type") != "authorization_code"
            || request.Field("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            || !(AllowsReuse ? codes.TryGetValue(code, out var asked) : codes.TryRemove(code, out asked))
            || request.Field("redirect_uri") != (string?)asked["redirect_uri"])
        {
            return new ProviderReply(400, """{"error":"invalid_grant","error_description":"The provided authorization grant is invalid"}""");
        }

        var claims = new JsonObject
        {
            ["iss"] = Url + "/oauth/v1/token",
            ["aud"] = ClientId,
            ["sub"] = (string?)asked["duo_uname"],
            ["preferred_username"] = (string?)asked["duo_uname"],
            ["nonce"] = (string?)asked["nonce"],
            ["iat"] = Now,
            ["exp"] = Now + 3600,
            ["auth_time"] = Now,
            ["auth_result"] = new JsonObject { ["result"] = "allow", ["status"] = "allow", ["status_msg"] = "Login Successful" },
        };
        Change(claims);
        return new ProviderReply(200, new JsonObject
        {
            ["id_token"] = Seal(claims),
            ["access_token"] = "x",
            ["expires_in"] = 3600,
            ["token_type"] = "Bearer",
        }.ToJsonString());
    }

    private string Seal(JsonObject claims)
    {
        var text = $"{Encode($$"""{"alg":"{{Algorithm}}","typ":"JWT"}""")}.{Encode(claims.ToJsonString())}";
        var mac = Algorithm == "none" ? [] : HMACSHA512.HashData(Encoding.ASCII.GetBytes(SigningSecret), Encoding.ASCII.GetBytes(text));
        return $"{text}.{Base64Url.EncodeToString(mac)}";
    }

    /// <returns>Null unless it was signed with the secret and HS512.</returns>
    private static JsonObject? Open(string token)
    {
        var parts = token.Split('.');
        var mac = HMACSHA512.HashData(Encoding.ASCII.GetBytes(Secret), Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"));
        return parts[2] == Base64Url.EncodeToString(mac) && (string?)JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!["alg"] == "HS512"
            ? JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!.AsObject()
            : null;
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
