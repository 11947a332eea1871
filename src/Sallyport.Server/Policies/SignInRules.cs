using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Policies;

/// <summary>Which sign-ins need a second factor. The first rule that matches decides; if none does, <c>/guardian/policies</c> decides.</summary>
public sealed record SignInRules : ICheckedBody
{
    [JsonPropertyName("rules"), JsonRequired, MaxLength(100)]
    public SignInRule[] Rules { get; init; } = [];

    ApiError? ICheckedBody.FindFault() =>
        Rules.Index().Select(rule => rule.Item.When?.FindFault($"rules[{rule.Index}].when")).FirstOrDefault(fault => fault is not null);
}

public sealed record SignInRule
{
    /// <summary>For people: <c>explain</c> names the rule that has decided.</summary>
    [JsonPropertyName("name"), JsonRequired, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";

    /// <summary>Without it the rule matches every sign-in.</summary>
    [JsonPropertyName("when")]
    public RuleConditions? When { get; init; }

    [JsonPropertyName("require"), JsonRequired]
    public bool Require { get; init; }

    /// <summary>Whether a user without an authenticator may enroll one. <c>false</c> is final; without it the request or the client decides.</summary>
    [JsonPropertyName("self_service_enrollment")]
    public bool? SelfServiceEnrollment { get; init; }
}

/// <summary>All of them must be true. A list is true if one of its items is.</summary>
public sealed partial record RuleConditions
{
    [JsonPropertyName("client_ids"), MinLength(1), MaxLength(100), ItemPattern(Word)]
    public string[]? ClientIds { get; init; }

    [JsonPropertyName("connections"), MinLength(1), MaxLength(100), ItemPattern("^.{1,128}$")]
    public string[]? Connections { get; init; }

    /// <summary>In CIDR notation. A sign-in without <c>ip</c> is in no network.</summary>
    [JsonPropertyName("networks"), MinLength(1), MaxLength(100)]
    public string[]? Networks { get; init; }

    [JsonPropertyName("scopes"), MinLength(1), MaxLength(100), ItemPattern(Word)]
    public string[]? Scopes { get; init; }

    [JsonPropertyName("acr_values"), MinLength(1), MaxLength(100), ItemPattern(Word)]
    public string[]? AcrValues { get; init; }

    /// <summary>From a path such as <c>app_metadata.role</c> to the text, number or truth value that it must equal.</summary>
    [JsonPropertyName("metadata")]
    public JsonElement? Metadata { get; init; }

    private const string Word = @"^\S{1,255}$";

    /// <param name="path">The place of these conditions in the body, for the message.</param>
    internal ApiError? FindFault(string path)
    {
        if (this == new RuleConditions())
        {
            return ApiError.Payload("Too few properties defined (0), minimum 1", path);
        }

        if (Networks?.All(network => IPNetwork.TryParse(network, out _)) == false)
        {
            return ApiError.Payload("Items must be networks such as 192.0.2.0/24 or 2001:db8::/32", path + ".networks");
        }

        return Metadata is not { } metadata ? null
            : metadata.ValueKind != JsonValueKind.Object ? ApiError.Payload("Expected type object", path + ".metadata")
            : metadata.EnumerateObject().Any(entry => !MetadataPath().IsMatch(entry.Name))
                ? ApiError.Payload("Keys must be paths such as app_metadata.role or user_metadata.use_mfa", path + ".metadata")
            : metadata.EnumerateObject().Any(entry => entry.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null)
                ? ApiError.Payload("Values must be texts, numbers or truth values", path + ".metadata")
            : null;
    }

    /// <summary>Whether all conditions are true.</summary>
    internal bool Match(SignInCircumstances signIn) =>
        ClientIds?.Contains(signIn.ClientId, StringComparer.Ordinal) != false
        && Connections?.Contains(signIn.Connection, StringComparer.Ordinal) != false
        && Networks?.Any(network => signIn.Address is { } address && IPNetwork.Parse(network).Contains(address)) != false
        && Scopes?.Intersect(signIn.Scopes, StringComparer.Ordinal).Any() != false
        && AcrValues?.Intersect(signIn.AcrValues, StringComparer.Ordinal).Any() != false
        && Metadata?.EnumerateObject().All(entry => IsEqual(signIn.FindMetadata(entry.Name), entry.Value)) != false;

    private static bool IsEqual(JsonElement? stored, JsonElement wanted) =>
        stored is { } value && value.ValueKind == wanted.ValueKind && JsonElement.DeepEquals(value, wanted);

    [GeneratedRegex(@"^(?:app|user)_metadata(?:\.[^.]+)+\z")]
    private static partial Regex MetadataPath();
}

/// <summary>The facts that are known of a sign-in when its policy is decided.</summary>
internal sealed record SignInCircumstances(string ClientId, string Connection)
{
    /// <summary>Null if the backend does not say where the user is.</summary>
    public IPAddress? Address { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public IReadOnlyList<string> AcrValues { get; init; } = [];

    public JsonElement? AppMetadata { get; init; }

    public JsonElement? UserMetadata { get; init; }

    /// <param name="ip">An address that <see cref="IpAddressAttribute"/> accepts.</param>
    public static IPAddress? ParseAddress(string? ip) =>
        ip is null || !IPAddress.TryParse(ip, out var address) ? null : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    public static IReadOnlyList<string> Split(string? words) => words?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <param name="path">Begins with <c>app_metadata.</c> or <c>user_metadata.</c>.</param>
    public JsonElement? FindMetadata(string path)
    {
        var names = path.Split('.');
        var found = names[0] == "app_metadata" ? AppMetadata : UserMetadata;
        foreach (var name in names[1..])
        {
            found = found is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(name, out var member) ? member : null;
        }

        return found;
    }
}

/// <summary>An IPv4 address with four parts, or an IPv6 address without a zone.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IpAddressAttribute : ValidationAttribute
{
    public override string FormatErrorMessage(string name) => "Must be an IPv4 or IPv6 address";

    public override bool IsValid(object? value) =>
        value is null
        || (value is string text && !text.Contains('%') && IPAddress.TryParse(text, out var address)
            && (address.AddressFamily == AddressFamily.InterNetworkV6 ? !text.StartsWith('[') : address.ToString() == text));
}
