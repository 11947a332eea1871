using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Sallyport.Server.Factors.Push;

/// <summary>A token that a phone has signed with its own key (docs/wire.md §3.4).</summary>
internal sealed class DeviceToken
{
    /// <summary>Far more than any SDK sends.</summary>
    public const int MaxLength = 8192;

    /// <summary>The accepted difference between the clocks of a phone and of the server.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private readonly JsonElement header;
    private readonly JsonElement claims;

    private DeviceToken(JsonElement header, JsonElement claims) => (this.header, this.claims) = (header, claims);

    public string? Issuer => Text("iss");

    public string? Subject => Text("sub");

    public JsonElement? Header(string name) => Find(header, name);

    public string? Text(string name) => Find(claims, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public bool? Flag(string name) => Find(claims, name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>The time in a claim. Some phones write it with a fraction.</summary>
    public DateTimeOffset? Time(string name) =>
        Find(claims, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var seconds) && seconds is > 0 and < 253_402_300_799
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    /// <summary>It was not issued in the future and has not expired.</summary>
    public bool IsCurrent(DateTimeOffset now) =>
        Time("exp") is { } expires && expires > now - ClockSkew && Time("iat") is { } issued && issued < now + ClockSkew;

    public bool IsFor(IReadOnlyCollection<string> audiences) =>
        Find(claims, "aud") is { } audience
        && (audience.ValueKind == JsonValueKind.Array ? [.. audience.EnumerateArray()] : new[] { audience })
            .Any(item => item.ValueKind == JsonValueKind.String && audiences.Contains(Canonical(item.GetString()!), StringComparer.Ordinal));

    /// <returns>Null if the token is malformed, or the key has not signed it. Issuer, subject, audience and times are left to the caller.</returns>
    public static DeviceToken? Read(string text, DeviceKey key)
    {
        var parts = text.Length > MaxLength ? [] : text.Split('.');
        if (parts is not [var head, var payload, var signature] || Parse(head) is not { } header || Parse(payload) is not { } claims
            || !Base64Url.IsValid(signature))
        {
            return null;
        }

        var token = new DeviceToken(header, claims);
        // RFC 7515 section 4.1.11: a token with extensions that are not understood is invalid.
        return Find(header, "alg") is { ValueKind: JsonValueKind.String } algorithm && algorithm.ValueEquals(key.Algorithm) && token.Header("crit") is null
            && key.Verifies(Encoding.ASCII.GetBytes($"{head}.{payload}"), Base64Url.DecodeFromChars(signature))
            ? token
            : null;
    }

    /// <returns>An address without the default port of its scheme and without a slash at its end; any other text as it is.</returns>
    public static string Canonical(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/')
            : text;

    /// <summary>Reads every text once: reading half of a surrogate pair throws.</summary>
    private static bool IsReadable(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().All(member => member.Name is not null && IsReadable(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().All(IsReadable),
        JsonValueKind.String => element.GetString() is not null,
        _ => true,
    };

    private static JsonElement? Find(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value : null;

    private static JsonElement? Parse(string part)
    {
        if (!Base64Url.IsValid(part))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(part), Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object && IsReadable(document.RootElement) ? document.RootElement.Clone() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
