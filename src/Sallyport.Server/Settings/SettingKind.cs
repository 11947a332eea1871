using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Settings;

/// <summary>Describes one setting: its name, its fields, and the value that readers see until it is set.</summary>
/// <param name="Name">The key of its row in table <c>setting</c>.</param>
/// <param name="Unset">A JSON text. Stored fields replace its members.</param>
internal sealed record SettingKind(string Name, string Unset)
{
    /// <summary>In the order of the response. Empty if the setting is an array.</summary>
    public IReadOnlyList<SettingField> Fields { get; private init; } = [];

    /// <summary>
    /// The fields that identify the account at the provider. When one of them changes, stored secrets are deleted unless the request
    /// brings new ones.
    /// </summary>
    public IReadOnlyList<string> Account { get; init; } = [];

    /// <summary>Fields that a PUT omits are shown as <c>null</c> afterwards.</summary>
    public bool ShowsNulls { get; init; }

    /// <summary>The boolean field that says whether a secret is stored.</summary>
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
