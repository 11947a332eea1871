using System.Collections.Concurrent;
using System.Globalization;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>
/// The mobile push actions of Amazon SNS, as its API reference publishes them. It refuses a request that has another form or a wrong signature,
/// and knows the endpoints that it has created.
/// </summary>
internal sealed class FakeSns : IAsyncDisposable
{
    public const string KeyId = "AKIDEXAMPLEEXAMPLE";
    public const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public const string Region = "eu-west-1";
    public const string FcmApplication = "arn:aws:sns:eu-west-1:123456789012:app/GCM/Acme";
    public const string ApnsApplication = "arn:aws:sns:eu-west-1:123456789012:app/APNS_SANDBOX/Acme";

    private readonly FakeProvider provider;

    private FakeSns(FakeProvider provider) => this.provider = provider;

    public string Url => provider.Url;

    /// <summary>The actions that were called, with their parameters.</summary>
    public IReadOnlyList<ReceivedRequest> Calls => provider.Requests;

    public IEnumerable<string> Actions => Calls.Select(call => call.Field("Action")!);

    public IEnumerable<ReceivedRequest> Published => Calls.Where(call => call.Field("Action") == "Publish");

    public ConcurrentDictionary<string, Endpoint> Endpoints { get; } = new();

    /// <summary>The status and the error code with which an action is refused; null to answer it.</summary>
    public Func<string, (int Status, string Code, string Message)?> Refusal { get; set; } = _ => null;

    public static async Task<FakeSns> StartAsync()
    {
        var sns = new FakeSns(await FakeProvider.StartAsync());
        sns.provider.Reply = sns.Answer;
        return sns;
    }

    public Task<IReadOnlyList<ReceivedRequest>> WaitForPublishAsync(int count) => Eventually.GetAsync(
        () => Task.FromResult<IReadOnlyList<ReceivedRequest>>([.. Published]), published => published.Count >= count);

    public ValueTask DisposeAsync() => provider.DisposeAsync();

    private ProviderReply Answer(ReceivedRequest request)
    {
        var action = request.Field("Action") ?? "";
        var refusal = FormFault(request) is { } fault ? (400, "InvalidParameter", fault)
            : !IsSigned(request) ? (403, "SignatureDoesNotMatch", "The request signature we calculated does not match")
            : Refusal(action);
        if (refusal is var (status, code, message))
        {
            return Error(status, code, message);
        }

        return action switch
        {
            "CreatePlatformEndpoint" => Create(request.Field("PlatformApplicationArn")!, request.Field("Token")!),
            "SetEndpointAttributes" => Set(request),
            "Publish" => Publish(request),
            _ => Error(400, "InvalidAction", action),
        };
    }

    private ProviderReply Create(string application, string token)
    {
        if (application is not (FcmApplication or ApnsApplication) && !application.EndsWith("/Other", StringComparison.Ordinal))
        {
            return Error(404, "NotFound", "PlatformApplication does not exist");
        }

        var (arn, endpoint) = Endpoints.FirstOrDefault(known => known.Value.Token == token && known.Value.Application == application);
        if (endpoint is { HasUserData: true })
        {
            return Error(400, "InvalidParameter", $"Invalid parameter: Token Reason: Endpoint {arn} already exists with the same Token, but different attributes.");
        }

        arn ??= $"{application.Replace(":app/", ":endpoint/", StringComparison.Ordinal)}/{Guid.CreateVersion7()}";
        Endpoints.TryAdd(arn, new Endpoint(application, token));
        return Success("CreatePlatformEndpoint", $"<EndpointArn>{arn}</EndpointArn>");
    }

    private ProviderReply Set(ReceivedRequest request)
    {
        if (!Endpoints.TryGetValue(request.Field("EndpointArn") ?? "", out var endpoint))
        {
            return Error(404, "NotFound", "Endpoint does not exist");
        }

        for (var i = 1; request.Field($"Attributes.entry.{i}.key") is { } key; i++)
        {
            var value = request.Field($"Attributes.entry.{i}.value");
            switch (key)
            {
                case "Token":
                    endpoint.Token = value!;
                    break;
                case "Enabled":
                    endpoint.IsEnabled = value == "true";
                    break;
                default:
                    return Error(400, "InvalidParameter", "Invalid parameter: Attributes Reason: " + key);
            }
        }

        return Success("SetEndpointAttributes", "");
    }

    private ProviderReply Publish(ReceivedRequest request)
    {
        if (!Endpoints.TryGetValue(request.Field("TargetArn") ?? "", out var endpoint))
        {
            return Error(400, "InvalidParameter", "Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified");
        }

        if (!endpoint.IsEnabled)
        {
            return Error(400, "EndpointDisabled", "Endpoint is disabled");
        }

        // Each value is a text; that of the endpoint's platform is a JSON document.
        var message = JsonNode.Parse(request.Field("Message")!)!.AsObject();
        var platform = endpoint.Application.Split('/')[1];
        return request.Field("MessageStructure") == "json" && (string?)message["default"] is { Length: > 0 }
            && message[platform]?.GetValue<string>() is { } content && JsonNode.Parse(content) is JsonObject
            ? Success("Publish", "<MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId>")
            : Error(400, "InvalidParameter", "Invalid parameter: Message Structure");
    }

    private static string? FormFault(ReceivedRequest request) =>
        (request.Method, request.Target) != ("POST", "/") ? "method"
        : request.Headers["Content-Type"] != "application/x-www-form-urlencoded" ? "content type"
        : request.Field("Version") != "2010-03-31" ? "version"
        : null;

    /// <summary>Signature Version 4, from the headers that the request says are signed.</summary>
    private static bool IsSigned(ReceivedRequest request)
    {
        var parts = request.Headers["Authorization"].Split([" ", ", "], StringSplitOptions.None);
        string Part(string name) => parts.Single(part => part.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
        var (names, time) = (Part("SignedHeaders").Split(';'), request.Headers["X-Amz-Date"]);
        var scope = $"{time[..8]}/{Region}/sns/aws4_request";
        var canonical = $"POST\n/\n\n{string.Concat(names.Select(name => $"{name}:{request.Headers[name].Trim()}\n"))}\n{string.Join(';', names)}\n{Hash(request.Body)}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + Secret), Mac);
        var expected = Convert.ToHexStringLower(Mac(key, $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hash(canonical)}"));
        return parts[0] == "AWS4-HMAC-SHA256" && Part("Credential") == $"{KeyId}/{scope}" && names.Contains("host") && Part("Signature") == expected;

        static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

        static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
    }

    private static ProviderReply Success(string action, string result) => new(
        200,
        string.Create(CultureInfo.InvariantCulture, $"""
        <{action}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
          <{action}Result>{result}</{action}Result>
          <ResponseMetadata><RequestId>6613341d-3e15-53f7-bf3c-7e56994ba278</RequestId></ResponseMetadata>
        </{action}Response>
        """));

    private static ProviderReply Error(int status, string code, string message) => new(
        status,
        $"""
        <ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
          <Error><Type>Sender</Type><Code>{code}</Code><Message>{SecurityElement.Escape(message)}</Message></Error>
          <RequestId>6613341d-3e15-53f7-bf3c-7e56994ba278</RequestId>
        </ErrorResponse>
        """);

    internal sealed class Endpoint(string application, string token)
    {
        public string Application => application;

        public string Token { get; set; } = token;

        public bool IsEnabled { get; set; } = true;

        /// <summary>It was created by something else, with attributes of its own.</summary>
        public bool HasUserData { get; set; }
    }
}
