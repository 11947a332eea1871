using Sallyport.Server.Http.Payloads;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Settings;

/// <summary>What a setting is called, which fields it has, and what is shown while nobody has set it.</summary>
/// <param name="Name">Its row in table <c>setting</c>.</param>
/// <param name="Unset">A JSON text. What is stored lies over it.</param>
internal sealed record SettingKind(string Name, string Unset)
{
    /// <summary>In the order in which they are shown. Empty where the setting is an array.</summary>
    public IReadOnlyList<SettingField> Fields { get; private init; } = [];

    /// <summary>Secrets belong to these fields: whoever replaces them by others loses the secrets, unless they come along.</summary>
    public IReadOnlyList<string> Account { get; init; } = [];

    /// <summary>A field that a replacement leaves out is shown as <c>null</c> from then on.</summary>
    public bool ShowsNulls { get; init; }

    /// <summary>The field that tells whether there is a secret.</summary>
    public string? SecretFlag { get; init; }

    /// <typeparam name="T">The request record: its properties are the fields.</typeparam>
    public static SettingKind Of<T>(string name, string unset = "{}") =>
        new(name, unset) { Fields = typeof(T).GetInterface(nameof(System.Collections.IEnumerable)) is null ? [.. FieldsOf(typeof(T))] : [] };

    public JsonNode NewUnset() => JsonNode.Parse(Unset)!;

    private static IEnumerable<SettingField> FieldsOf(Type type) =>
        from property in type.GetProperties()
        let name = property.GetCustomAttribute<JsonPropertyNameAttribute>()
        where name is not null
        select new SettingField(name.Name, property.GetCustomAttribute<SecretAttribute>());
}

internal sealed record SettingField(string Name, SecretAttribute? Secret)
{
    public bool IsSecret => Secret is not null;
}
