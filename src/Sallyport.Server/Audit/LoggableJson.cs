using System.Text.Json;

namespace Sallyport.Server.Audit;

/// <summary>Writes JSON to the log without secrets, with the last digits of phone numbers only, and with a limit on its length.</summary>
internal static class LoggableJson
{
    /// <summary>The longest JSON value that is logged, in characters.</summary>
    private const int MaxLength = 16 * 1024;

    /// <summary>The longest name or value of a query that is logged, in characters.</summary>
    private const int MaxTextLength = 512;

    private const string Mask = "***";
    private const string PhoneNumber = "phone_number";
    private const int ShownDigits = 4;

    private static readonly string[] SecretNames = ["password", "secret", "token", "recovery_code"];

    public static void Write(Utf8JsonWriter json, JsonElement value)
    {
        if (value.GetRawText().Length <= MaxLength)
        {
            WriteWithoutSecrets(json, value);
        }
        else
        {
            json.WriteStringValue("(too long)");
        }
    }

    public static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        if (name.Length <= MaxTextLength && text.Length <= MaxTextLength)
        {
            json.WriteString(name, IsSecret(name) ? Mask : text);
        }
    }

    private static void WriteWithoutSecrets(Utf8JsonWriter json, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            json.WriteStartArray();
            foreach (var item in value.EnumerateArray())
            {
                WriteWithoutSecrets(json, item);
            }

            json.WriteEndArray();
            return;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            value.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        foreach (var member in value.EnumerateObject())
        {
            json.WritePropertyName(member.Name);
            if (IsSecret(member.Name))
            {
                json.WriteStringValue(Mask);
            }
            else if (member.NameEquals(PhoneNumber) && member.Value.ValueKind == JsonValueKind.String)
            {
                json.WriteStringValue(Shorten(member.Value.GetString()!));
            }
            else
            {
                WriteWithoutSecrets(json, member.Value);
            }
        }

        json.WriteEndObject();
    }

    /// <summary>The last digits, and never more than half of the number.</summary>
    private static string Shorten(string number) => Mask + number[^Math.Min(ShownDigits, number.Length / 2)..];

    private static bool IsSecret(string name) =>
        Array.Exists(SecretNames, secret => name.Contains(secret, StringComparison.OrdinalIgnoreCase));
}
