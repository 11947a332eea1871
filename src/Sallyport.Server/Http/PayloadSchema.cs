using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Sallyport.Server.Http;

/// <summary>
/// The closed schema of a request record, taken from its JSON contract and its annotations. It answers in the words
/// that clients of the published API know (management-api E.1) and never repeats a value.
/// </summary>
internal sealed class PayloadSchema
{
    private static readonly ConcurrentDictionary<Type, PayloadSchema> Cache = new();

    private readonly Dictionary<string, PayloadProperty> properties;
    private readonly bool isOpen;
    private readonly PayloadSchema? items;

    private PayloadSchema(JsonTypeInfo contract)
    {
        items = contract.Kind == JsonTypeInfoKind.Enumerable ? For(contract.Options.GetTypeInfo(contract.ElementType!)) : null;
        properties = contract.Properties
            .Where(property => !property.IsExtensionData)
            .ToDictionary(property => property.Name, property => new PayloadProperty(property), StringComparer.Ordinal);
        isOpen = contract.Properties.Any(property => property.IsExtensionData);
    }

    public static PayloadSchema For(JsonTypeInfo contract) =>
        Cache.GetOrAdd(contract.Type, static (_, info) => new PayloadSchema(info), contract);

    public bool IsText(string name) => properties.TryGetValue(name, out var property) && property.Type == typeof(string);

    /// <exception cref="ApiException">The first fault found.</exception>
    public void Check(JsonElement body)
    {
        if (items is null)
        {
            Check(body, prefix: "");
            return;
        }

        if (body.ValueKind != JsonValueKind.Array || body.GetArrayLength() == 0)
        {
            throw new ApiException(ApiError.Payload("Expected an array that is not empty"));
        }

        CheckItems(body, items, prefix: "");
    }

    private void Check(JsonElement body, string prefix)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new ApiException(ApiError.Payload($"Expected type object but found type {PayloadProperty.TypeName(body)}"));
        }

        foreach (var member in body.EnumerateObject())
        {
            CheckMember(member, prefix);
        }

        foreach (var (name, property) in properties)
        {
            if (property.IsRequired && !body.TryGetProperty(name, out _))
            {
                throw new ApiException(ApiError.Payload($"Missing required property: {prefix}{name}"));
            }
        }
    }

    private void CheckMember(JsonProperty member, string prefix)
    {
        var name = PayloadText.Name(member);
        if (!properties.TryGetValue(name, out var property))
        {
            if (!isOpen)
            {
                throw new ApiException(ApiError.Payload($"Additional properties not allowed: {PayloadText.Shorten(prefix + name)}"));
            }

            PayloadText.Check(member.Value, name);
            return;
        }

        property.Check(member.Value, prefix + name);
        if (property.Nested is { } nested && member.Value.ValueKind == JsonValueKind.Object)
        {
            nested.Check(member.Value, $"{prefix}{name}.");
        }
        else if (property.Items is { } itemsOfProperty && member.Value.ValueKind == JsonValueKind.Array)
        {
            CheckItems(member.Value, itemsOfProperty, prefix + name);
        }
    }

    private static void CheckItems(JsonElement array, PayloadSchema schema, string prefix)
    {
        foreach (var (index, item) in array.EnumerateArray().Index())
        {
            schema.Check(item, $"{prefix}[{index}].");
        }
    }
}

/// <summary>One property of a request record.</summary>
internal sealed class PayloadProperty
{
    private readonly bool isNullable;
    private readonly ValidationAttribute[] rules;

    public PayloadProperty(JsonPropertyInfo info)
    {
        Type = Nullable.GetUnderlyingType(info.PropertyType) ?? info.PropertyType;
        IsRequired = info.IsRequired;
        rules = [.. info.AttributeProvider?.GetCustomAttributes(typeof(ValidationAttribute), inherit: true)
            .Cast<ValidationAttribute>() ?? []];
        isNullable = info.AttributeProvider?.IsDefined(typeof(NullableOnWireAttribute), inherit: true) == true;
        var contract = info.Options.GetTypeInfo(Type);
        Items = Type.IsArray && Type != typeof(string[]) ? PayloadSchema.For(info.Options.GetTypeInfo(Type.GetElementType()!)) : null;
        Nested = contract.Kind == JsonTypeInfoKind.Object && Type != typeof(JsonElement) ? PayloadSchema.For(contract) : null;
    }

    public Type Type { get; }

    public bool IsRequired { get; }

    public PayloadSchema? Nested { get; }

    /// <summary>Of an array of objects.</summary>
    public PayloadSchema? Items { get; }

    public void Check(JsonElement value, string path)
    {
        PayloadText.Check(value, path);
        if (value.ValueKind == JsonValueKind.Null && isNullable)
        {
            return;
        }

        var expected = ExpectedType();
        if (expected is not null && !Fits(value, expected))
        {
            throw new ApiException(ApiError.Payload($"Expected type {expected} but found type {TypeName(value)}", path));
        }

        if (Items is null && value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(item => !Fits(item, "string")))
        {
            throw new ApiException(ApiError.Payload("Expected an array of strings", path));
        }

        foreach (var rule in rules)
        {
            if (!IsKept(rule, ClrValue(value)))
            {
                throw new ApiException(ApiError.Payload(Reason(rule), path));
            }
        }
    }

    /// <summary>The attribute itself lets every empty text pass.</summary>
    private static bool IsKept(ValidationAttribute rule, object? value) =>
        rule is RegularExpressionAttribute pattern && value is ""
            ? Regex.IsMatch("", pattern.Pattern, RegexOptions.None, pattern.MatchTimeout)
            : rule.IsValid(value);

    public static string TypeName(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Null or JsonValueKind.Undefined => "null",
    };

    private static bool Fits(JsonElement value, string expected) =>
        TypeName(value) == expected && (expected != "integer" || value.TryGetInt32(out _));

    private static object? ClrValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt32(out var number) ? number : value.GetDouble(),
        JsonValueKind.Array => value.EnumerateArray().Select(item => item.ToString()).ToArray(),
        JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined => value,
    };

    private static string Reason(ValidationAttribute rule) => rule switch
    {
        RegularExpressionAttribute pattern => $"String does not match pattern {pattern.Pattern}",
        StringLengthAttribute length => $"String must have {length.MinimumLength} to {length.MaximumLength} characters",
        MailAddressAttribute => "Object didn't pass validation for format email",
        WebAddressAttribute => "Object didn't pass validation for format uri",
        RangeAttribute range => $"Value must be from {range.Minimum} to {range.Maximum}",
        ItemPatternAttribute pattern => $"An item does not match pattern {pattern.Pattern}",
        AllowedItemsAttribute items => $"No enum match, expected items out of: {string.Join(", ", items.Allowed)}",
        UniqueItemsAttribute => "Array items are not unique",
        TextValuesAttribute texts => $"Values must be strings of at most {texts.MaxLength} characters",
        AllowedValuesAttribute allowed => $"No enum match, expected one of: {string.Join(", ", allowed.Values)}",
        _ => rule.FormatErrorMessage("value"),
    };

    private string? ExpectedType() => Type switch
    {
        _ when Type == typeof(string) => "string",
        _ when Type == typeof(bool) => "boolean",
        _ when Type == typeof(int) => "integer",
        _ when Type.IsArray => "array",
        _ when Type == typeof(JsonElement) => null,
        _ => "object",
    };
}
