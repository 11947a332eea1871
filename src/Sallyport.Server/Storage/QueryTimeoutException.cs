namespace Sallyport.Server.Storage;

/// <summary>Reading took longer than it may. The engine has stopped it.</summary>
internal sealed class QueryTimeoutException() : Exception("Reading took longer than it may.");
