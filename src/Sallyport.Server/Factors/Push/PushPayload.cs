using System.Globalization;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Factors.Push;

/// <summary>Where an app gets its messages.</summary>
/// <param name="Service"><see cref="PushPayload.Apns"/> or <see cref="PushPayload.Gcm"/>.</param>
/// <param name="Token">The address of the app at the service.</param>
/// <param name="Endpoint"><see cref="PushDataV1.Endpoint"/>.</param>
internal sealed record PushTarget(string Service, string Token, string? Endpoint = null)
{
    public override string ToString() => Service + " ***";
}

/// <summary>The data of a push message about a sign-in.</summary>
internal sealed record PushFacts
{
    /// <summary>The address of this server.</summary>
    public required string Server { get; init; }

    public required string AuthenticatorId { get; init; }

    /// <summary>The token with which the phone answers.</summary>
    public required string AnswerToken { get; init; }

    /// <summary>The text that the phone signs.</summary>
    public required string Nonce { get; init; }

    public required DateTimeOffset At { get; init; }

    public PushBrowser? Browser { get; init; }

    public string? ConsentId { get; init; }

    /// <summary>The text of the notification where the service shows one without the app.</summary>
    public required string Title { get; init; }

    public required string Body { get; init; }

    public override string ToString() => "***";
}

/// <summary>A browser and its system, as far as the header names them.</summary>
internal sealed record PushBrowser(string? Name, string? System);

/// <summary>The documents that the published SDKs parse (docs/wire.md §4.5).</summary>
internal static class PushPayload
{
    public const string Apns = "APNS";
    public const string Gcm = "GCM";

    /// <summary>The SDK for iOS ignores messages with another category.</summary>
    private const string Category = "com.auth0.notification.authentication";

    public static JsonObject Of(string service, PushFacts facts) => service == Apns ? ForApns(facts) : ForGcm(facts);

    private static JsonObject ForApns(PushFacts facts)
    {
        var mfa = Common(facts);
        if (Source(facts.Browser) is { } source)
        {
            mfa["s"] = source;
        }

        return new JsonObject
        {
            ["aps"] = new JsonObject
            {
                ["category"] = Category,
                ["alert"] = new JsonObject { ["title"] = facts.Title, ["body"] = facts.Body },
                ["sound"] = "default",
            },
            ["mfa"] = mfa,
        };
    }

    /// <summary>The values of a data message are all strings, so objects are written as JSON texts.</summary>
    private static JsonObject ForGcm(PushFacts facts)
    {
        var data = Common(facts);
        if (Source(facts.Browser) is { } source)
        {
            data["s"] = source.ToJsonString();
        }

        return data;
    }

    private static JsonObject Common(PushFacts facts)
    {
        var common = new JsonObject
        {
            ["sh"] = facts.Server,
            ["dai"] = facts.AuthenticatorId,
            ["txtkn"] = facts.AnswerToken,
            ["c"] = facts.Nonce,
            // Exactly three digits: the SDKs parse with a fixed pattern.
            ["d"] = facts.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        };
        if (facts.ConsentId is { } consent)
        {
            common["txlnkid"] = consent;
        }

        return common;
    }

    private static JsonObject? Source(PushBrowser? browser)
    {
        var source = new JsonObject();
        if (browser?.Name is { } name)
        {
            source["b"] = new JsonObject { ["n"] = name, ["v"] = "" };
        }

        if (browser?.System is { } system)
        {
            source["os"] = new JsonObject { ["n"] = system, ["v"] = "" };
        }

        return source.Count == 0 ? null : source;
    }
}
