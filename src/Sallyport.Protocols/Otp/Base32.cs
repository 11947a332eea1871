namespace Sallyport.Protocols.Otp;

/// <summary>RFC 4648 section 6.</summary>
public static class Base32
{
}
