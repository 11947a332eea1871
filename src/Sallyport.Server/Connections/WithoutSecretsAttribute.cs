using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Sallyport.Server.Connections;

/// <summary>
/// Options are shown to whoever may read connections, so nothing is kept there that nobody should read. What sends messages or
/// runs scripts is not configured in a connection here.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WithoutSecretsAttribute()
    : ValidationAttribute("Not supported in options: " + string.Join(", ", Refused))
{
    private static readonly string[] Refused =
        ["configuration", "bareConfiguration", "customScripts", "client_secret", "twilio_sid", "twilio_token", "gateway_authentication"];

    public override bool IsValid(object? value) =>
        value is not JsonElement { ValueKind: JsonValueKind.Object } options
        || !options.EnumerateObject().Any(option => Refused.Contains(option.Name, StringComparer.OrdinalIgnoreCase));
}
