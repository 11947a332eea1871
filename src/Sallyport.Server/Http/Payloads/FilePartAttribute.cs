namespace Sallyport.Server.Http.Payloads;

/// <summary>A part of a form that is a file: bytes as they are, for the OpenAPI document.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FilePartAttribute : Attribute;
