using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Sallyport.Server.Http.Payloads;

/// <summary>
/// The closed schema of a request record, taken from its JSON contract and its annotations. It answers in the words
/// that clients of the published API know (docs/management-api.md §E.1) and never repeats a value.
/// </summary>
internal sealed class PayloadSchema
{
    private static readonly ConcurrentDictionary<Type, PayloadSchema> Cache = new();

    private readonly Dictionary<string, PayloadProperty> properties;
    private readonly bool isOpen;
    private readonly PayloadList? list;

    private PayloadSchema(JsonTypeInfo contract)
    {
        list = contract.Kind == JsonTypeInfoKind.Enumerable ? new PayloadList(contract.Type, ItemsOf(contract)) : null;
        properties = contract.Properties
            .Where(property => !property.IsExtensionData)
            .ToDictionary(property => property.Name, property => new PayloadProperty(property), StringComparer.Ordinal);
        isOpen = contract.Properties.Any(property => property.IsExtensionData);
    }

    /// <returns>Null for an array of texts.</returns>
    public static PayloadSchema? ItemsOf(JsonTypeInfo array) =>
        array.ElementType is { } type && type != typeof(string) ? For(array.Options.GetTypeInfo(type)) : null;

    public static PayloadSchema For(JsonTypeInfo contract) =>
        Cache.GetOrAdd(contract.Type, static (_, info) => new PayloadSchema(info), contract);

    public bool IsText(string name) => properties.TryGetValue(name, out var property) && property.Type == typeof(string);

    public bool IsListOfTexts(string name) => properties.TryGetValue(name, out var property) && property.Type == typeof(string[]);

    /// <exception cref="ApiException">The first fault found.</exception>
    public void Check(JsonElement body)
    {
        if (list is not null)
        {
            list.Check(body);
            return;
        }

        Check(body, prefix: "");
    }

    /// <summary>The body with three stars in the place of each secret.</summary>
    public JsonElement WithoutSecrets(JsonElement body)
    {
        if (!HasSecrets || body.ValueKind != JsonValueKind.Object)
        {
            return body;
        }

        var copy = JsonObject.Create(body)!;
        foreach (var (name, property) in properties.Where(pair => copy[pair.Key] is not null))
        {
            if (property.IsSecret)
            {
                copy[name] = "***";
            }
            else if (property.Nested is { HasSecrets: true } nested)
            {
                copy[name] = JsonObject.Create(nested.WithoutSecrets(body.GetProperty(name)));
            }
        }

        return JsonSerializer.SerializeToElement(copy, PayloadJson.Default.JsonObject);
    }

    private bool HasSecrets => properties.Values.Any(property => property.IsSecret || property.Nested?.HasSecrets == true);

    /// <param name="prefix">What stands before the names in a message.</param>
    /// <exception cref="ApiException">The first fault found.</exception>
    public void Check(JsonElement body, string prefix)
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
        else if (property.Items is { } items && member.Value.ValueKind == JsonValueKind.Array)
        {
            items.CheckItems(member.Value, prefix + name);
        }
    }

    /// <summary>Each item of an array is to be of this schema.</summary>
    public void CheckItems(JsonElement array, string path)
    {
        foreach (var (index, item) in array.EnumerateArray().Index())
        {
            Check(item, $"{path}[{index}].");
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
        IsSecret = info.AttributeProvider?.IsDefined(typeof(SecretAttribute), inherit: true) == true;
        var contract = info.Options.GetTypeInfo(Type);
        Items = contract.Kind == JsonTypeInfoKind.Enumerable ? PayloadSchema.ItemsOf(contract) : null;
        Nested = contract.Kind == JsonTypeInfoKind.Object && Type != typeof(JsonElement) ? PayloadSchema.For(contract) : null;
    }

    public Type Type { get; }

    public bool IsRequired { get; }

    public bool IsSecret { get; }

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

        if (Items is null && value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            throw new ApiException(ApiError.Payload("Expected an array of strings", path));
        }

        PayloadRules.Check(rules, value, path);
    }

    public static string TypeName(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Null or JsonValueKind.Undefined => "null",
    };

    private static bool Fits(JsonElement value, string expected) => expected switch
    {
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
        "number" => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number),
        _ => TypeName(value) == expected,
    };

    private string? ExpectedType() => Type switch
    {
        _ when Type == typeof(string) => "string",
        _ when Type == typeof(bool) => "boolean",
        _ when Type == typeof(int) => "integer",
        _ when Type == typeof(double) => "number",
        _ when Type.IsArray => "array",
        _ when Type == typeof(JsonElement) => null,
        _ => "object",
    };
}
