using System.ComponentModel.DataAnnotations;

namespace Sallyport.Server.Http.Payloads;

/// <summary>An absolute http or https address, or an empty text where the property may be cleared that way.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class WebAddressAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) =>
        value is null or "" || (value is string text
            && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp));
}

/// <summary>The property may be <c>null</c>, which removes it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NullableOnWireAttribute : Attribute;
