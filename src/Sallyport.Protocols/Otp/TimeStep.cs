namespace Sallyport.Protocols.Otp;

/// <summary>RFC 6238 section 4.2: T, the number of whole periods since the Unix epoch.</summary>
public readonly record struct TimeStep(long Number);
