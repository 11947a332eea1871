namespace Sallyport.Protocols.Otp;

/// <summary>The hash functions of RFC 6238 section 1.2.</summary>
public enum OtpAlgorithm
{
    Sha1,
    Sha256,
    Sha512,
}
