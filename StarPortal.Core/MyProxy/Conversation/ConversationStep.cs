namespace StarPortal.Core.MyProxy;

/// <summary>A row of the protocol: in this state, with this command, this is done, and the conversation goes on in one of these states.</summary>
internal sealed record ConversationStep(ConversationState State, MyProxyCommand Command, Func<Exchange, CancellationToken, Task<ConversationState>> Act, params ConversationState[] Next);
