using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Sallyport.Server.Http.Payloads;

/// <summary>
/// The schema of a request record, taken from its JSON contract and its annotations. Its messages use the wording that clients of the
/// published API know (docs/management-api.md §E.1) and never repeat a value.
/// </summary>
internal sealed class PayloadSchema
{
    private static readonly ConcurrentDictionary<Type, PayloadSchema> Cache = new();

    private readonly Dictionary<string, PayloadProperty> properties;
    private readonly bool isOpen;
    private readonly bool isSettingsDocument;
    private readonly bool mustNotBeEmpty;
    private readonly PayloadList? list;

    private PayloadSchema(JsonTypeInfo contract)
    {
        list = contract.Kind == JsonTypeInfoKind.Enumerable ? new PayloadList(contract.Type, ItemsOf(contract)) : null;
        isSettingsDocument = contract.Type.IsDefined(typeof(SettingsDocumentAttribute), inherit: true);
        mustNotBeEmpty = contract.Type.IsDefined(typeof(NotEmptyAttribute), inherit: true);
        properties = contract.Properties
            .Where(property => !property.IsExtensionData)
            .ToDictionary(property => property.Name, property => new PayloadProperty(property, isSettingsDocument), StringComparer.Ordinal);
        isOpen = contract.Properties.Any(property => property.IsExtensionData);
    }

    private bool HasSecrets => properties.Values.Any(property => property.IsSecret || property.Nested?.HasSecrets == true);

    /// <returns>Null for an array of texts.</returns>
    public static PayloadSchema? ItemsOf(JsonTypeInfo array) =>
        array.ElementType is { } type && type != typeof(string) ? For(array.Options.GetTypeInfo(type)) : null;

    public static PayloadSchema For(JsonTypeInfo contract) =>
        Cache.GetOrAdd(contract.Type, static (_, info) => new PayloadSchema(info), contract);

    public bool IsText(string name) => properties.TryGetValue(name, out var property) && property.Type == typeof(string);

    public bool IsListOfTexts(string name) => properties.TryGetValue(name, out var property) && property.Type == typeof(string[]);

    /// <exception cref="ApiException">400 with the first fault.</exception>
    public void Check(JsonElement body)
    {
        if (list is not null)
        {
            list.Check(body);
            return;
        }

        Check(body, prefix: "");
        if (mustNotBeEmpty && !body.EnumerateObject().Any())
        {
            throw new ApiException(ApiError.Payload("Too few properties defined (0), minimum 1"));
        }
    }

    /// <param name="prefix">The path of the body, for messages.</param>
    /// <exception cref="ApiException">400 with the first fault.</exception>
    public void Check(JsonElement body, string prefix) => Check(body, prefix, isSettingsDocument);

    /// <summary>Checks each item of an array.</summary>
    public void CheckItems(JsonElement array, string path)
    {
        foreach (var (index, item) in array.EnumerateArray().Index())
        {
            Check(item, $"{path}[{index}].");
        }
    }

    /// <summary>The body with three stars in place of each secret.</summary>
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

    /// <summary>The body without the unknown members that a settings document ignores.</summary>
    public JsonElement WithoutDisabledOptions(JsonElement body)
    {
        if (!isSettingsDocument)
        {
            return body;
        }

        var copy = JsonObject.Create(body)!;
        RemoveUnknown(copy);
        return JsonSerializer.SerializeToElement(copy, PayloadJson.Default.JsonObject);
    }

    /// <summary><c>null</c>, <c>false</c>, an empty array, or an object of which every member is off.</summary>
    public static bool IsOff(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.EnumerateObject().All(member => IsOff(member.Value)),
        _ => false,
    };

    private void Check(JsonElement body, string prefix, bool ignoresDisabledOptions)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new ApiException(ApiError.Payload($"Expected type object but found type {PayloadProperty.TypeName(body)}"));
        }

        foreach (var member in body.EnumerateObject())
        {
            CheckMember(member, prefix, ignoresDisabledOptions);
        }

        foreach (var (name, property) in properties)
        {
            if (property.IsRequired && !body.TryGetProperty(name, out _))
            {
                throw new ApiException(ApiError.Payload($"Missing required property: {prefix}{name}"));
            }
        }
    }

    private void CheckMember(JsonProperty member, string prefix, bool ignoresDisabledOptions)
    {
        var name = PayloadText.Name(member);
        if (!properties.TryGetValue(name, out var property))
        {
            CheckUnknown(member.Value, PayloadText.Shorten(prefix + name), ignoresDisabledOptions);
            return;
        }

        property.Check(member.Value, prefix + name);
        if (property.Nested is { } nested && member.Value.ValueKind == JsonValueKind.Object)
        {
            nested.Check(member.Value, $"{prefix}{name}.", ignoresDisabledOptions);
        }
        else if (property.Items is { } items && member.Value.ValueKind == JsonValueKind.Array)
        {
            items.CheckItems(member.Value, prefix + name);
        }
    }

    private void CheckUnknown(JsonElement value, string path, bool ignoresDisabledOptions)
    {
        PayloadText.Check(value, path);
        if (isOpen || (ignoresDisabledOptions && IsOff(value)))
        {
            return;
        }

        throw new ApiException(ApiError.Payload(ignoresDisabledOptions
            ? $"Additional properties not allowed: {path}. This option is not supported; it can only be off: null, false, [] or {{}}"
            : $"Additional properties not allowed: {path}"));
    }

    private void RemoveUnknown(JsonObject body)
    {
        foreach (var name in body.Select(member => member.Key).Where(name => !properties.ContainsKey(name)).ToList())
        {
            body.Remove(name);
        }

        foreach (var (name, property) in properties)
        {
            if (property.Nested is { isOpen: false, properties.Count: > 0 } nested && body[name] is JsonObject inner)
            {
                nested.RemoveUnknown(inner);
            }
        }
    }
}

/// <summary>One property of a request record.</summary>
internal sealed class PayloadProperty
{
    private readonly bool isNullable;
    private readonly ValidationAttribute[] rules;

    /// <param name="isOfSettingsDocument">Null removes the property, unless it is required or marked with <see cref="NeverNullAttribute"/>.</param>
    public PayloadProperty(JsonPropertyInfo info, bool isOfSettingsDocument)
    {
        Type = Nullable.GetUnderlyingType(info.PropertyType) ?? info.PropertyType;
        IsRequired = info.IsRequired;
        rules = [.. info.AttributeProvider?.GetCustomAttributes(typeof(ValidationAttribute), inherit: true)
            .Cast<ValidationAttribute>() ?? []];
        isNullable = Has<NullableOnWireAttribute>(info) || (isOfSettingsDocument && !IsRequired && !Has<NeverNullAttribute>(info));
        IsSecret = Has<SecretAttribute>(info);
        var contract = info.Options.GetTypeInfo(Type);
        Items = contract.Kind == JsonTypeInfoKind.Enumerable ? PayloadSchema.ItemsOf(contract) : null;
        Nested = contract.Kind == JsonTypeInfoKind.Object && Type != typeof(JsonElement) ? PayloadSchema.For(contract) : null;
    }

    public Type Type { get; }

    public bool IsRequired { get; }

    public bool IsSecret { get; }

    public PayloadSchema? Nested { get; }

    /// <summary>The schema of the items, for an array of objects.</summary>
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

    private static bool Has<TAttribute>(JsonPropertyInfo info)
        where TAttribute : Attribute =>
        info.AttributeProvider?.IsDefined(typeof(TAttribute), inherit: true) == true;

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
