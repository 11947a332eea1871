using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>Bytes in base64 or base64url, with padding or without.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BinaryTextAttribute(int maxLength) : ValidationAttribute
{
    public override bool IsValid(object? value) =>
        value is null || (value is string { Length: > 0 } text && text.Length <= 2 * maxLength
            && TryDecode(text) is { Length: > 0 } bytes && bytes.Length <= maxLength);

    public override string FormatErrorMessage(string name) => $"Must be base64 of 1 to {maxLength} bytes";

    /// <returns>Null where the text is neither.</returns>
    public static byte[]? TryDecode(string text)
    {
        var url = text.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return Base64Url.IsValid(url) && !url.AsSpan().ContainsAny(" \t\r\n") ? Base64Url.DecodeFromChars(url) : null;
    }
}
