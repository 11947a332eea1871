using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sallyport.Server.Http.Payloads;

/// <summary>Checks the annotations of a property with the messages of the published API. No message repeats the value.</summary>
internal static class PayloadRules
{
    /// <exception cref="ApiException">400 with the first rule that is violated.</exception>
    public static void Check(ValidationAttribute[] rules, JsonElement value, string? path)
    {
        foreach (var rule in rules)
        {
            if (!IsSatisfied(rule, ClrValue(value)))
            {
                throw new ApiException(ApiError.Payload(Reason(rule, value), path));
            }
        }
    }

    /// <summary>The framework's pattern attribute accepts every empty text; this check does not.</summary>
    private static bool IsSatisfied(ValidationAttribute rule, object? value) =>
        rule is RegularExpressionAttribute pattern && value is ""
            ? Regex.IsMatch("", pattern.Pattern, RegexOptions.None, pattern.MatchTimeout)
            : rule.IsValid(value);

    private static object? ClrValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt32(out var number) ? number : value.GetDouble(),
        JsonValueKind.Array => Texts(value),
        JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined => value,
    };

    private static string[] Texts(JsonElement array) => [.. array.EnumerateArray().Select(item => item.ToString())];

    private static string Reason(ValidationAttribute rule, JsonElement value) => rule switch
    {
        RegularExpressionAttribute pattern => $"String does not match pattern {pattern.Pattern}",
        ItemPatternAttribute pattern => $"An item does not match pattern {pattern.Pattern}",
        StringLengthAttribute length => $"String must have {length.MinimumLength} to {length.MaximumLength} characters",
        RangeAttribute range => $"Value must be from {range.Minimum} to {range.Maximum}",
        MailAddressAttribute => "Object didn't pass validation for format email",
        WebAddressAttribute => "Object didn't pass validation for format uri",
        AllowedValuesAttribute allowed => $"No enum match, expected one of: {string.Join(", ", allowed.Values)}",
        AllowedItemsAttribute allowed => $"No enum match, expected items out of: {string.Join(", ", allowed.Allowed)}",
        TextValuesAttribute texts => $"Values must be strings of at most {texts.MaxLength} characters",
        UniqueItemsAttribute => UniqueItemsAttribute.Explain(Texts(value)),
        _ => rule.FormatErrorMessage("value"),
    };
}

/// <summary>A body that is an array, with the annotations of its type.</summary>
/// <param name="items">Null if the items are texts.</param>
internal sealed class PayloadList(Type type, PayloadSchema? items)
{
    private readonly ValidationAttribute[] rules = [.. type.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>()];

    public void Check(JsonElement body)
    {
        PayloadText.Check(body, "body");
        if (body.ValueKind != JsonValueKind.Array)
        {
            throw new ApiException(ApiError.Payload($"Expected type array but found type {PayloadProperty.TypeName(body)}"));
        }

        if (items is not null)
        {
            CheckObjects(body, items);
            return;
        }

        if (body.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            throw new ApiException(ApiError.Payload("Expected an array of strings"));
        }

        PayloadRules.Check(rules, body, path: null);
    }

    private static void CheckObjects(JsonElement body, PayloadSchema items)
    {
        if (body.GetArrayLength() == 0)
        {
            throw new ApiException(ApiError.Payload("Expected an array that is not empty"));
        }

        items.CheckItems(body, path: "");
    }
}
