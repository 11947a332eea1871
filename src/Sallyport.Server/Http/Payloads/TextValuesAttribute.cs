using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Sallyport.Server.Http.Payloads;

/// <summary>An object whose values are short texts, or <c>null</c> where one is to be removed.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextValuesAttribute(int maxLength) : ValidationAttribute
{
    public int MaxLength => maxLength;

    public override bool IsValid(object? value) =>
        value is not JsonElement { ValueKind: JsonValueKind.Object } map
        || map.EnumerateObject().All(entry => entry.Value.ValueKind switch
        {
            JsonValueKind.Null => true,
            JsonValueKind.String => entry.Value.GetString()!.Length <= maxLength,
            _ => false,
        });
}
