using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Sallyport.Server.Connections;

/// <summary>
/// Options are shown to whoever may read connections, so nothing is kept there that nobody should read. What sends messages or
/// runs scripts is not configured in a connection here.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WithoutSecretsAttribute()
    : ValidationAttribute("No secrets, and no addresses with a password, are kept in options. Not supported there: " + string.Join(", ", Refused))
{
    private static readonly string[] Refused =
        ["configuration", "bareConfiguration", "customScripts", "client_secret", "twilio_sid", "twilio_token", "gateway_authentication"];

    /// <summary>A text under a name that holds one of these is a secret.</summary>
    private static readonly string[] Words = ["secret", "pass", "pwd", "key", "token", "credential", "authorization"];

    /// <summary>Names of published options that sound like a secret and are a choice.</summary>
    private static readonly string[] Choices = ["passwordPolicy"];

    public override bool IsValid(object? value) =>
        value is not JsonElement { ValueKind: JsonValueKind.Object } options || !HoldsSecret(options, name: "");

    /// <param name="name">Of the nearest member around it: the elements of a list go by the name of the list.</param>
    private static bool HoldsSecret(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(member =>
            (IsRefused(member.Name) && !IsEmpty(member.Value)) || HoldsSecret(member.Value, member.Name)),
        JsonValueKind.Array => value.EnumerateArray().Any(element => HoldsSecret(element, name)),
        JsonValueKind.String => IsSecret(name) || HasUser(value.GetString()!),
        JsonValueKind.Number => IsSecret(name),
        _ => false,
    };

    private static bool IsRefused(string name) => Refused.Contains(name.Trim(), StringComparer.OrdinalIgnoreCase);

    /// <summary>As a database that the vendor exports has them.</summary>
    private static bool IsEmpty(JsonElement value) => value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any();

    private static bool IsSecret(string name) =>
        !Choices.Contains(name, StringComparer.Ordinal) && Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static bool HasUser(string text) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address) && address.Scheme != Uri.UriSchemeMailto && address.UserInfo.Length > 0;
}
