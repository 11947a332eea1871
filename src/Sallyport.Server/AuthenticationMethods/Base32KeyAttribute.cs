using System.ComponentModel.DataAnnotations;
using Sallyport.Protocols.Otp;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>A TOTP key in Base32, of any length from 16 to 103 symbols.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class Base32KeyAttribute : ValidationAttribute
{
    /// <summary>Bytes. RFC 4226 section 4 asks for more, but older apps made such keys, and their users must not be locked out.</summary>
    private const int MinLength = 10;

    private const int MaxLength = 64;

    public override bool IsValid(object? value) =>
        value is null || (value is string { Length: <= 4 * MaxLength } text
            && Base32.TryDecode(text, out var key) && key.Length is >= MinLength and <= MaxLength);

    public override string FormatErrorMessage(string name) => "Must be a Base32 key of 16 to 103 symbols";
}
