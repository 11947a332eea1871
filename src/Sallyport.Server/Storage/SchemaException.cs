namespace Sallyport.Server.Storage;

/// <summary>The database cannot be used by this version. The message says why in one line.</summary>
internal sealed class SchemaException(string message) : Exception(message);
