import { Component, type ComponentChildren } from 'preact';
import { Notice } from './notice.tsx';

interface ViewBoundaryProps {
  /** Address of the view: another one is tried anew. */
  readonly path: string;
  readonly children: ComponentChildren;
}

interface Broken {
  readonly path: string;
  readonly problem: string;
}

/** Keeps a view that throws from taking the menu and the other views with it, and says so in its place. */
export class ViewBoundary extends Component<ViewBoundaryProps, { readonly broken?: Broken }> {
  override componentDidCatch(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    this.setState({ broken: { path: this.props.path, problem } });
  }

  override render({ path, children }: ViewBoundaryProps) {
    const { broken } = this.state;
    if (broken?.path !== path) return children;
    return (
      <main id="main" class="view">
        <h1>This view could not be shown</h1>
        <Notice tone="bad" title="Something in it is not as the page expects" testId="view-error">
          <p>{broken.problem}</p>
          <button type="button" onClick={() => location.reload()}>
            Reload the page
          </button>
        </Notice>
      </main>
    );
  }
}
